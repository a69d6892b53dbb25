//! The reference page is what the declarations say.

#[test]
fn the_reference_is_up_to_date() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/dialects.md");
    let expected = crate::decl::reference_markdown();
    if std::env::var_os("WEFT_BLESS").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "docs/dialects.md is out of date: run `cargo xtask bless`");
}
