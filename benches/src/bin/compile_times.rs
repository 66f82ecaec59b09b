//! How long functions take to compile with and without their derivatives: `cargo run --release --bin compile_times`.
//!
//! Writes a crate of one function after the other into a temporary directory, builds what it depends on once, and then the crate
//! alone, three times each; the median counts. The derivative is called, so that it is compiled to machine code too.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use std::{env, fs, io};

/// A function to compile.
struct Subject {
    name: String,
    /// Its source, and that of what it calls, without attributes.
    source: String,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the measurement failed: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> io::Result<()> {
    let directory = env::temp_dir().join(format!("tapeless-compile-times-{}", std::process::id()));
    let subjects = [lines(10), lines(100), lines(1000), branches(100), chain(10), nest(4)];
    println!("| function | debug, plain | debug, differentiable | release, plain | release, differentiable |");
    println!("|---|---:|---:|---:|---:|");
    for subject in &subjects {
        let mut row = format!("| {} |", subject.name);
        for release in [false, true] {
            for differentiable in [false, true] {
                let time = measure(&directory, subject, differentiable, release)?;
                let _ = write!(row, " {:.2} s |", time.as_secs_f64());
            }
        }
        println!("{row}");
    }
    fs::remove_dir_all(&directory)
}

/// The median of three builds of the crate alone.
fn measure(directory: &Path, subject: &Subject, differentiable: bool, release: bool) -> io::Result<Duration> {
    let main = write_crate(directory, subject, differentiable)?;
    let build = || -> io::Result<Duration> {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(["build", "--quiet"]).current_dir(directory);
        if release {
            command.arg("--release");
        }
        let begin = Instant::now();
        let status = command.status()?;
        if !status.success() {
            return Err(io::Error::other(format!("`{}` does not compile", subject.name)));
        }
        Ok(begin.elapsed())
    };
    build()?;
    let mut times = Vec::new();
    for _ in 0..3 {
        // Another modification time, the same contents.
        let contents = fs::read(&main)?;
        fs::write(&main, contents)?;
        times.push(build()?);
    }
    times.sort_unstable();
    Ok(times[1])
}

fn write_crate(directory: &Path, subject: &Subject, differentiable: bool) -> io::Result<PathBuf> {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core");
    fs::create_dir_all(directory.join("src"))?;
    fs::write(
        directory.join("Cargo.toml"),
        format!(
            "[package]\nname = \"subject\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\ntapeless = {{ path = {core:?} }}\n\n[workspace]\n\n[profile.dev]\nincremental = false\n"
        ),
    )?;
    let attribute = if differentiable { "#[differentiable]" } else { "" };
    let functions = subject.source.replace("#[attribute]", attribute);
    let call = if differentiable { "f::grad(x, y)" } else { "f(x, y)" };
    let import = if differentiable {
        "use tapeless::prelude::*;"
    } else {
        ""
    };
    let main = directory.join("src/main.rs");
    fs::write(
        &main,
        format!(
            "{import}\n{functions}\nfn main() {{\n    let (x, y) = std::hint::black_box((0.3, 0.7));\n    println!(\"{{:?}}\", {call});\n}}\n"
        ),
    )?;
    Ok(main)
}

/// A function of straight-line code.
fn lines(count: usize) -> Subject {
    let mut source = String::from("#[attribute]\nfn f(x: f64, y: f64) -> f64 {\n    let v0 = x * y;\n");
    for line in 1..count {
        let before = line - 1;
        let expression = match line % 4 {
            0 => format!("v{before}.sin() + x"),
            1 => format!("v{before} * y + {line}.0"),
            2 => format!("(v{before} / {line}.0).exp()"),
            _ => format!("v{before} - x * v{}", before / 2),
        };
        let _ = writeln!(source, "    let v{line} = {expression};");
    }
    let _ = writeln!(source, "    v{}\n}}", count - 1);
    Subject {
        name: format!("{count} lines"),
        source,
    }
}

/// A function of branches one after the other.
fn branches(count: usize) -> Subject {
    let mut source = String::from("#[attribute]\nfn f(x: f64, y: f64) -> f64 {\n    let mut v = x * y;\n");
    for branch in 0..count / 5 {
        let _ = writeln!(
            source,
            "    if v > {branch}.0 {{\n        v = v.sin() * y;\n    }} else {{\n        v += x;\n    }}"
        );
    }
    source.push_str("    v\n}\n");
    Subject {
        name: format!("{count} lines of branches"),
        source,
    }
}

/// A chain of calls.
fn chain(depth: usize) -> Subject {
    let mut source = String::from("#[attribute]\nfn f0(x: f64, y: f64) -> f64 { x * y.sin() }\n");
    for level in 1..=depth {
        let name = if level == depth {
            "f".to_owned()
        } else {
            format!("f{level}")
        };
        let before = level - 1;
        let _ = writeln!(
            source,
            "#[attribute]\nfn {name}(x: f64, y: f64) -> f64 {{ f{before}(x * y, y) + f{before}(y, x) }}"
        );
    }
    Subject {
        name: format!("a chain of calls {depth} deep, two calls each"),
        source,
    }
}

/// Loops inside each other.
fn nest(depth: usize) -> Subject {
    let mut source = String::from("#[attribute]\nfn f(x: f64, y: f64) -> f64 {\n    let mut v = x;\n");
    for level in 0..depth {
        let _ = writeln!(source, "{}for i{level} in 0..3 {{", "    ".repeat(level + 1));
    }
    let indices: Vec<_> = (0..depth).map(|level| format!("i{level}")).collect();
    let _ = writeln!(
        source,
        "{}v = v.sin() * y + ({}) as f64;",
        "    ".repeat(depth + 1),
        indices.join(" + ")
    );
    for level in (0..depth).rev() {
        let _ = writeln!(
            source,
            "{}v *= x;\n{}}}",
            "    ".repeat(level + 2),
            "    ".repeat(level + 1)
        );
    }
    source.push_str("    v\n}\n");
    Subject {
        name: format!("loops {depth} deep"),
        source,
    }
}
