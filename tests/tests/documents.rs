//! What the documents say is what the repository holds: quotations are verbatim, every file is in the code map, links lead
//! somewhere.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The text without indentation and trailing blanks, as it is inside an item of a list.
fn unindented(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", line.trim())).collect()
}

/// Every file below a folder, as paths from the repository's root.
fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    for entry in entries {
        let entry = entry.expect("an entry of a folder");
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// The first paragraph of what the compiler says about a mistake: up to the line below the label.
fn beginning(stderr: &str) -> String {
    let message = read(stderr);
    let lines: Vec<_> = message.lines().collect();
    let label = lines.iter().position(|line| line.contains("| ") && line.contains('^'));
    unindented(&lines[..=label.expect("a label")].join("\n"))
}

#[test]
fn compile_errors_in_the_readme_are_verbatim() {
    let readme = unindented(&read("README.md"));
    for stderr in [
        "tests/ui/shapes/product.stderr",
        "tests/ui/language/no_derivative.stderr",
    ] {
        assert!(
            readme.contains(&beginning(stderr)),
            "the README does not quote {stderr}"
        );
    }
    let program = unindented(&read("tests/ui/shapes/product.rs").replace("fn main() {}\n", ""));
    assert!(readme.contains(program.trim()), "the README does not quote the program");
}

#[test]
fn measurements_in_the_readme_are_those_of_the_benchmarks() {
    let (readme, benches) = (read("README.md"), read("benches/README.md"));
    let speed = readme.split("## ").find(|section| section.starts_with("Speed"));
    let rows = speed.expect("a section").lines().filter(|line| line.starts_with("| "));
    let rows: Vec<_> = rows.skip(1).collect();
    assert!(rows.len() > 3, "{rows:?}");
    for row in rows {
        assert!(benches.contains(row), "not in benches/README.md: {row}");
    }
}

#[test]
fn links_lead_somewhere() {
    for document in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"] {
        let text = read(document);
        for link in text.split("](").skip(1) {
            let link = link.split(')').next().unwrap_or_default();
            let path = link.split('#').next().unwrap_or_default();
            if !link.starts_with("http") && !path.is_empty() {
                assert!(root().join(path).exists(), "{document} links to {path}");
            }
        }
    }
}

/// Where the code map of ARCHITECTURE.md is about files, by their folder: `` | `name` | what it holds | ``.
#[test]
fn the_code_map_is_complete() {
    let architecture = read("ARCHITECTURE.md");
    for folder in ["macros/src", "core/src"] {
        for path in files(folder) {
            let name = path.strip_prefix(&format!("{folder}/")).unwrap_or(&path);
            let stem = name.trim_end_matches(".rs").trim_end_matches("/mod");
            assert!(
                architecture.contains(&format!("`{name}`")) || architecture.contains(&format!("`{stem}`")),
                "ARCHITECTURE.md does not say what {path} holds"
            );
        }
    }
}

#[test]
fn the_dump_in_the_architecture_is_golden() {
    let architecture = read("ARCHITECTURE.md");
    for golden in ["macros/golden/branches.rs", "macros/golden/branches.ir"] {
        assert!(
            architecture.contains(&read(golden)),
            "ARCHITECTURE.md does not quote {golden}"
        );
    }
}

/// Files below a folder whose code, comments aside, mentions one of the words.
fn mentioning(folder: &str, words: &[&str]) -> Vec<String> {
    let code = |path: &str| -> String {
        let text = read(path);
        let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
        lines.collect::<Vec<_>>().join("\n")
    };
    let mut found = files(folder);
    found.retain(|path| words.iter().any(|word| code(path).contains(word)));
    found.sort();
    found
}

#[test]
fn layers_know_what_the_architecture_says() {
    for folder in ["macros/src/ir", "macros/src/passes"] {
        let found = mentioning(folder, &["syn::", "crate::front", "crate::back"]);
        assert!(found.is_empty(), "{found:?}");
    }
    let found = mentioning("macros/src/back", &["crate::front"]);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn unsafe_code_is_where_the_architecture_says() {
    assert_eq!(
        mentioning("core/src", &["unsafe {", "unsafe fn", "unsafe impl"]),
        [
            "core/src/checkpoint/store.rs",
            "core/src/expansion.rs",
            "core/src/lanes/mod.rs",
            "core/src/lanes/slices.rs",
            "core/src/lanes/tests.rs",
            "core/src/matrix/convert.rs",
            "core/src/matrix/kernel.rs",
            "core/src/matrix/kernel/tests.rs",
            "core/src/matrix/mod.rs",
            "core/src/matrix/operators.rs",
            "core/src/matrix/reductions.rs",
            "core/src/matrix/storage.rs",
            "core/src/matrix/storage/block.rs",
            "core/src/rules/losses.rs",
            "core/src/rules/matrix.rs",
        ]
    );
    assert!(mentioning("macros/src", &["unsafe {", "unsafe fn", "unsafe impl"]).is_empty());
}
