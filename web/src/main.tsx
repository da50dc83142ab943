/** Starts the page: the theme, the login that a start address asks for, the connection, and React. */

import "./app.css";
import { RouterProvider } from "@tanstack/react-router";
import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { loadPagesWhileConnected } from "./lazy-page";
import { applyDensity } from "./lib/density";
import { strings } from "./lib/strings";
import { connect } from "./live/client";
import { login } from "./live/login";
import { router } from "./routes";
import { RefusedLogin } from "./shell/Outdated";
import { followSystemTheme } from "./shell/theme";

/** Dialogs lock scrolling with a style element, which the content security policy lets in with this value only. */
function passNonceOn(): void {
  const nonce = document.querySelector<HTMLMetaElement>("meta[name=csp-nonce]")?.content;
  if (nonce !== undefined) setNonce(nonce);
}

async function run(): Promise<void> {
  passNonceOn();
  followSystemTheme();
  applyDensity();
  const root = document.getElementById("root");
  if (root === null) throw new Error("index.html has no #root");
  document.title = strings.program;
  const welcome = await login();
  if (welcome) {
    loadPagesWhileConnected();
    connect();
  }
  createRoot(root).render(
    <StrictMode>{welcome ? <RouterProvider router={router} /> : <RefusedLogin />}</StrictMode>,
  );
}

void run();
