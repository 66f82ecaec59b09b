//! Compares dumps and expansions with the files in `golden/`.

use std::fs;
use std::path::Path;

#[test]
fn golden() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let bless = std::env::var_os("TAPELESS_BLESS").is_some();
    let mut cases = 0;
    let mut different = Vec::new();
    for entry in fs::read_dir(&folder).expect("the folder of golden files") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        let Some(stem) = name.strip_suffix(".rs").filter(|stem| !stem.ends_with(".expanded")) else {
            continue;
        };
        cases += 1;
        let source = fs::read_to_string(&path).expect("a source file");
        for (extension, found) in [("ir", super::dump(&source)), ("expanded.rs", expand(&source))] {
            let golden = folder.join(format!("{stem}.{extension}"));
            if bless {
                fs::write(&golden, &found).expect("the golden file is writable");
            } else if fs::read_to_string(&golden).unwrap_or_default() != found {
                different.push(format!("{stem}.{extension}:\n{found}"));
            }
        }
    }
    assert!(cases > 0, "no golden files in {}", folder.display());
    assert!(
        different.is_empty(),
        "set TAPELESS_BLESS to accept:\n{}",
        different.join("\n")
    );
}

/// What is generated for a function, pretty-printed.
fn expand(source: &str) -> String {
    let item = source.parse().expect("the source of a function");
    let tokens = crate::pipeline::differentiable(proc_macro2::TokenStream::new(), item);
    let file = syn::parse2(tokens).expect("generated code parses");
    prettyplease::unparse(&file)
}
