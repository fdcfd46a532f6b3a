//! The server's program: reads the command line, does one command, answers with an exit code.

fn main() -> std::process::ExitCode {
    iescp_web::cli::run(std::env::args_os())
}
