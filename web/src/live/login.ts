/** Exchanges the token of the start address for a cookie. */

/** The token in an address's fragment; `null` without one. */
export function tokenIn(hash: string): string | null {
  const token = new URLSearchParams(hash.replace(/^#/, "")).get("token");
  return token === null || token === "" ? null : token;
}

/** Logs in where the address brings a token, and takes the token out of the address. Tells whether the page may go on. */
export async function login(): Promise<boolean> {
  const token = tokenIn(location.hash);
  if (token === null) return true;
  // The token must not stay in the address, which gets copied and kept in the browser's history.
  history.replaceState(null, "", location.pathname + location.search);
  try {
    const answer = await fetch("/api/v1/login", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token }),
    });
    return answer.ok;
  } catch {
    // The program cannot be reached: that shows as a lost connection, which comes back by itself.
    return true;
  }
}
