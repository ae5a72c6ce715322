//! All profiles there are: built in, named by the settings, given with `--profile`.
//!
//! Built-in ones are the TOML files in `profiles/`; putting one there is all that it takes. A user's profile
//! takes the place of a built-in one of its name.

use super::find::inert;
use super::open::hex;
use super::profile::Profile;
use super::trouble::Trouble;
use super::{Options, validate};
use crate::notice::closest;
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;

static BUILT_IN: Dir = include_dir!("$CARGO_MANIFEST_DIR/src/input/profiles");

/// A profile and where it came from.
#[derive(Debug, Clone)]
pub struct Known {
    pub profile: Arc<Profile>,
    /// The user's: it wins over a built-in one that fits as well.
    pub own: bool,
    /// Given with `--profile`: it wins over all others that fit.
    pub forced: bool,
}

/// All profiles, in the order of their names.
pub fn all(options: &Options) -> Result<Vec<Known>, Trouble> {
    let mut all = built_in()?;
    for path in &options.settings.profiles {
        put(&mut all, Known { profile: from_file(&options.settings.resolve(path))?, own: true, forced: false });
    }
    for path in options.profiles {
        let given = if path.is_file() {
            Known { profile: from_file(path)?, own: true, forced: true }
        } else {
            named(&all, &path.to_string_lossy())?
        };
        put(&mut all, given);
    }
    all.sort_by(|a, b| a.profile.name.cmp(&b.profile.name));
    Ok(all)
}

/// The profiles that come with the tool.
pub fn built_in() -> Result<Vec<Known>, Trouble> {
    let is_toml = |path: &Path| path.extension().is_some_and(|extension| extension == "toml");
    let mut all = Vec::new();
    for file in BUILT_IN.files().filter(|file| is_toml(file.path())) {
        let text = file.contents_utf8().unwrap_or_default();
        let profile = Arc::new(parse(text, &file.path().to_string_lossy())?);
        all.push(Known { profile, own: false, forced: false });
    }
    all.sort_by(|a, b| a.profile.name.cmp(&b.profile.name));
    Ok(all)
}

/// The text of a built-in profile, to be changed by its user.
pub fn built_in_text(name: &str) -> Result<&'static str, Trouble> {
    let known = named(&built_in()?, name)?;
    let file = BUILT_IN.get_file(format!("{}.toml", known.profile.name));
    let text = file.and_then(|file| file.contents_utf8());
    text.ok_or_else(|| Trouble::new(format!("the profile `{name}` has a file of another name")))
}

/// The profile of a name.
pub fn named(all: &[Known], name: &str) -> Result<Known, Trouble> {
    if let Some(known) = all.iter().find(|known| known.profile.name == name) {
        return Ok(Known { forced: true, ..known.clone() });
    }
    let trouble = Trouble::new(format!("there is no profile `{name}`"));
    Err(match closest(name, all.iter().map(|known| known.profile.name.as_str())) {
        Some(near) => trouble.hint(format!("did you mean `{near}`?")),
        None => trouble
            .hint("`deskstat list profiles` shows those that there are; a file of your own is named with its path"),
    })
}

fn put(all: &mut Vec<Known>, new: Known) {
    all.retain(|known| known.profile.name != new.profile.name);
    all.push(new);
}

fn from_file(path: &Path) -> Result<Arc<Profile>, Trouble> {
    let shown = inert(&path.to_string_lossy());
    let text = std::fs::read_to_string(path)
        .map_err(|error| Trouble::new(format!("cannot read profile `{shown}`")).detail(error.to_string()))?;
    let sha256 = Some(hex(&Sha256::digest(&text)));
    Ok(Arc::new(Profile { sha256, ..parse(&text, &shown)? }))
}

/// Read a profile's text; errors name the line at fault.
pub fn parse(text: &str, shown: &str) -> Result<Profile, Trouble> {
    let wrong = || Trouble::new(format!("profile `{shown}` cannot be understood"));
    let profile: Profile =
        toml::from_str(text).map_err(|error| error.to_string().trim_end().lines().fold(wrong(), Trouble::detail))?;
    validate::check(&profile).map_err(|fault| Trouble { hint: fault.hint, ..wrong().detail(fault.what) })?;
    Ok(profile)
}
