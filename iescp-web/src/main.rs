//! The server's program: reads the command line, does one command, answers with an exit code.

/// Requests are many small allocations on several threads at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    iescp_web::cli::run(std::env::args_os())
}
