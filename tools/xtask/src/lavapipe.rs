//! Lavapipe: Mesa's Vulkan driver that computes on the CPU. GPU artifacts are tested on it wherever there is no GPU.
//!
//! A driver that is installed and new enough is used as it is. Otherwise the packages of one, and of what it needs
//! that the machine lacks, are downloaded by apt and unpacked into .cache/lavapipe: nothing is installed, and nobody
//! has to be root.

use crate::step::{Error, Project, capture, run, step};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Dawn takes no older lavapipe.
const MESA_MAJOR: u32 = 25;
const DRIVER: &str = "mesa-vulkan-drivers";
/// The program that finds Vulkan's drivers.
const LOADER: &str = "libvulkan1";
/// Where everything goes. Written last: the driver's description.
const FOLDER: &str = ".cache/lavapipe";
const DESCRIPTION: &str = ".cache/lavapipe/icd.json";
/// The packages' files.
const ROOT: &str = ".cache/lavapipe/root";
/// Lists and archives of apt, gone at the end.
const APT: &str = ".cache/lavapipe/apt";

/// Makes sure that there is a lavapipe to test on.
pub fn install(project: &Project) -> Result<(), Error> {
    step("lavapipe (Vulkan on the CPU)", || {
        // Elsewhere WebGPU doesn't go through Vulkan, and tests run on what the system has.
        if !cfg!(target_os = "linux") || project.path(DESCRIPTION).exists() || installed(project).is_some() {
            return Ok(());
        }
        if !Path::new("/usr/bin/apt-get").exists() {
            return Err(Error::User(format!(
                "this machine has no apt-get, so nothing was fetched. Install Mesa {MESA_MAJOR} or newer with its Vulkan \
                 drivers (lavapipe) and the Vulkan loader, and point VK_ICD_FILENAMES at lvp_icd.json"
            )));
        }
        unpack(project)
    })
}

/// Lets the command's WebGPU run on lavapipe and on nothing else.
pub fn only(project: &Project, command: &mut Command) -> Result<(), Error> {
    set(project, command, &["VK_DRIVER_FILES", "VK_ICD_FILENAMES"])
}

/// Lets the command's WebGPU find lavapipe besides the machine's own GPUs, and keeps compiled shaders from being kept.
pub fn also(project: &Project, command: &mut Command) -> Result<(), Error> {
    set(project, command, &["VK_ADD_DRIVER_FILES"])?;
    // What is measured is compiling, not finding what an earlier process compiled.
    command.env("MESA_SHADER_CACHE_DISABLE", "true").env("__GL_SHADER_DISK_CACHE", "0");
    Ok(())
}

/// Sets the `drivers` variables of Vulkan's loader, and what loader and driver need around them.
fn set(project: &Project, command: &mut Command, drivers: &[&str]) -> Result<(), Error> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let description = project.path(DESCRIPTION);
    let driver = if description.exists() {
        let mut paths = library_folders(project)?;
        paths.extend(std::env::var_os("LD_LIBRARY_PATH").iter().flat_map(std::env::split_paths));
        let paths = std::env::join_paths(paths).map_err(|error| Error::User(format!("LD_LIBRARY_PATH: {error}")))?;
        command.env("LD_LIBRARY_PATH", paths);
        description
    } else {
        let given = std::env::var_os("VK_ICD_FILENAMES").map(PathBuf::from);
        given
            .or_else(|| installed(project))
            .ok_or_else(|| Error::User("lavapipe is not here: run cargo xtask setup".into()))?
    };
    for name in drivers {
        command.env(name, &driver);
    }
    // Mesa wants one for its sockets, and a compiled shader is compiled for good.
    let folder = |name: &str| -> Result<PathBuf, Error> {
        let path = project.path(FOLDER).join(name);
        std::fs::create_dir_all(&path).map_err(file_error("make", &path))?;
        Ok(path)
    };
    if std::env::var_os("XDG_RUNTIME_DIR").is_none() {
        command.env("XDG_RUNTIME_DIR", folder("runtime")?);
    }
    command.env("MESA_SHADER_CACHE_DIR", folder("shaders")?);
    Ok(())
}

/// The description of an installed lavapipe that is new enough and has a loader.
fn installed(project: &Project) -> Option<PathBuf> {
    let version =
        capture(&mut project.command("dpkg-query", ["-W", "-f=${db:Status-Status} ${Version}", DRIVER])).ok()?;
    let version = version.trim().strip_prefix("installed ")?;
    capture(&mut project.command("dpkg-query", ["-W", "-f=${db:Status-Status}", LOADER]))
        .is_ok_and(|status| status.trim() == "installed")
        .then_some(())?;
    if major(version)? < MESA_MAJOR {
        return None;
    }
    description_in(Path::new("/usr/share/vulkan/icd.d"))
}

/// Mesa's major version in a package's version, `[epoch:]25.0.7-2`.
fn major(version: &str) -> Option<u32> {
    let upstream = version.split_once(':').map_or(version, |(_, rest)| rest);
    upstream.split('.').next()?.parse().ok()
}

/// The file that describes lavapipe, `lvp_icd.json` or `lvp_icd.x86_64.json`.
fn description_in(folder: &Path) -> Option<PathBuf> {
    let names = std::fs::read_dir(folder).ok()?.filter_map(Result::ok).map(|entry| entry.path());
    names.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("lvp_icd."))).min()
}

/// Downloads the driver and what it needs, unpacks it, and writes its description.
fn unpack(project: &Project) -> Result<(), Error> {
    for folder in [FOLDER, APT] {
        let path = project.path(folder);
        if path.exists() {
            std::fs::remove_dir_all(&path).map_err(file_error("clear", &path))?;
        }
    }
    for folder in ["lists/partial", "cache/archives/partial"] {
        let path = project.path(APT).join(folder);
        std::fs::create_dir_all(&path).map_err(file_error("make", &path))?;
    }
    let wanted = wanted(project)?;
    let mut words = vec!["install", "--download-only", "--reinstall", "--yes", "-qq", "--no-install-recommends"];
    words.extend([&wanted, LOADER]);
    run(&mut apt(project, "apt-get", &words))?;
    let archives = project.path(APT).join("cache/archives");
    for entry in std::fs::read_dir(&archives).map_err(file_error("read", &archives))?.filter_map(Result::ok) {
        if entry.path().extension().is_some_and(|extension| extension == "deb") {
            let words: [OsString; 3] = ["-x".into(), entry.path().into(), project.path(ROOT).into()];
            run(&mut project.command("dpkg-deb", words))?;
        }
    }
    describe(project)?;
    let path = project.path(APT);
    std::fs::remove_dir_all(&path).map_err(file_error("clear", &path))
}

/// What to ask apt for: the driver's package if the machine's release has one that is new enough, else that of
/// Debian's backports to it.
fn wanted(project: &Project) -> Result<String, Error> {
    run(&mut apt(project, "apt-get", &["update", "-qq"]))?;
    let policy = capture(&mut apt(project, "apt-cache", &["policy", DRIVER]))?;
    let candidate = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate: ")).unwrap_or("none");
    if major(candidate).is_some_and(|major| major >= MESA_MAJOR) {
        return Ok(DRIVER.into());
    }
    // The archive that the machine's own release comes from has its backports too.
    let targets = capture(&mut apt(
        project,
        "apt-get",
        &["indextargets", "--format", "$(ORIGIN) $(REPO_URI) $(CODENAME) $(COMPONENT)"],
    ))?;
    let found = targets.lines().find_map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        let &["Debian", archive, release, "main"] = words.as_slice() else { return None };
        (!release.contains('-')).then(|| (archive.to_owned(), format!("{release}-backports")))
    });
    let Some((archive, suite)) = found else {
        return Err(Error::User(format!(
            "apt's configured sources offer Mesa {candidate}, and tests on a GPU need {MESA_MAJOR} or newer. Add a source that \
             has it and run this again, or install {DRIVER} and {LOADER} by hand"
        )));
    };
    let path = project.path(APT).join("sources.list");
    let own = std::fs::read_to_string("/etc/apt/sources.list").unwrap_or_default();
    std::fs::write(&path, format!("{own}\ndeb {archive} {suite} main\n")).map_err(file_error("write", &path))?;
    run(&mut apt(project, "apt-get", &["update", "-qq"]))?;
    Ok(format!("{DRIVER}/{suite}"))
}

/// An apt command that keeps lists and archives in the cache folder, and so needs no root. It knows the machine's
/// sources, and ours if there are.
fn apt(project: &Project, program: &str, words: &[&str]) -> Command {
    let folder = project.path(APT);
    let option = |name: &str, value: &str| format!("-o{name}={value}");
    let path = |name: &str| folder.join(name).display().to_string();
    let mut command = project.command(
        program,
        [
            option("Dir::State::lists", &path("lists")),
            option("Dir::Cache", &path("cache")),
            option("Debug::NoLocking", "true"),
            option("Acquire::Languages", "none"),
            option("Acquire::IndexTargets::deb::DEP-11::DefaultEnabled", "false"),
            // Its own user for downloads may not write here.
            option("APT::Sandbox::User", "root"),
        ],
    );
    if folder.join("sources.list").exists() {
        command.arg(option("Dir::Etc::sourcelist", &path("sources.list")));
    }
    command.args(words);
    command
}

/// Writes the driver's description, with a path to the unpacked library that is relative to the description.
fn describe(project: &Project) -> Result<(), Error> {
    let wrong = |what: &str| Error::User(format!("{DRIVER} was unpacked into {ROOT}, and {what}"));
    let original = description_in(&project.path(ROOT).join("usr/share/vulkan/icd.d"));
    let original = original.ok_or_else(|| wrong("no lvp_icd.json is in it"))?;
    let text = std::fs::read_to_string(&original).map_err(file_error("read", &original))?;
    let mut description: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| wrong(&format!("{}: {error}", original.display())))?;
    let library = library_folders(project)?.into_iter().map(|folder| folder.join("libvulkan_lvp.so"));
    let library =
        library.into_iter().find(|path| path.exists()).ok_or_else(|| wrong("no libvulkan_lvp.so is in it"))?;
    let relative = library.strip_prefix(project.path(FOLDER)).unwrap_or(&library);
    description["ICD"]["library_path"] = format!("./{}", relative.display()).into();
    let path = project.path(DESCRIPTION);
    std::fs::write(&path, format!("{description:#}\n")).map_err(file_error("write", &path))
}

/// The folders of the unpacked libraries: usr/lib/TRIPLET, and lib/TRIPLET of packages that still use it.
fn library_folders(project: &Project) -> Result<Vec<PathBuf>, Error> {
    let mut folders = Vec::new();
    for parent in ["usr/lib", "lib"].map(|parent| project.path(ROOT).join(parent)) {
        if parent.exists() {
            let entries = std::fs::read_dir(&parent).map_err(file_error("read", &parent))?;
            folders.extend(entries.filter_map(Result::ok).map(|entry| entry.path()));
        }
    }
    folders.retain(|folder| folder.is_dir() && folder.to_string_lossy().contains("-linux-gnu"));
    Ok(folders)
}

fn file_error(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::File { action, path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_mesa_versions() {
        assert_eq!(major("25.0.7-2~bpo12+1"), Some(25));
        assert_eq!(major("1:24.2.8-1"), Some(24));
        assert_eq!(major("(none)"), None);
    }
}
