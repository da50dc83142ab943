//! Has the program built anew when the dashboard was: the files are embedded, and new ones have new names.

fn main() {
    println!("cargo::rerun-if-changed=../../web/dist");
    println!("cargo::rerun-if-env-changed=NETSONDE_COMMIT");
}
