//! The Python client in an environment of its own, installed from its folder. An edit of the client or
//! of the wire contract is another environment.

use crate::python::Recipe;
use std::fs;
use std::path::{Path, PathBuf};

/// The client's folder in the checkout.
pub fn client() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/python")
}

/// The interpreter of the environment, which is made if it is not there.
pub async fn interpreter() -> PathBuf {
    let mut sources = vec![client().join("pyproject.toml"), client().join("hatch_build.py")];
    let wire = Path::new(env!("CARGO_MANIFEST_DIR")).join("../proto/littoral/v1");
    for folder in [client().join("src/littoral_client"), wire] {
        let entries = fs::read_dir(&folder).expect("a folder of the checkout");
        let files = entries.map(|entry| entry.expect("an entry").path());
        sources.extend(files.filter(|path| path.is_file()));
    }
    sources.sort();
    let requirements = client().join("requirements.txt");
    let recipe = Recipe { name: "python-client", requirements, package: Some(client()), sources };
    recipe.interpreter().await
}
