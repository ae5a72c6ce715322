//! The paths that a profile reads of JSON records, `a.b[0].c`, as one tree: all are looked for at once.
//!
//! The tree knows what is wanted where, and nothing of texts; `json.rs` walks over records with it.

/// What lies at and below one place of a record.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// Its number among all of its tree, once they are numbered.
    pub place: usize,
    /// By their length: most keys of a record are wanted by nobody, which that tells.
    keys: Vec<Vec<(String, Tree)>>,
    elements: Vec<(usize, Tree)>,
    every: Option<Box<Tree>>,
    /// The first element of which a key says this.
    wheres: Vec<(Said, Tree)>,
    /// The cells that this object or array fills as it is written.
    pub whole: Vec<usize>,
    /// The cells that this value fills.
    pub cells: Vec<usize>,
    /// Whether several values of a record come here, to be put together with commas.
    pub many: bool,
}

/// Where a tree has the child of a key.
#[derive(Debug, Clone, Copy)]
pub struct Child {
    length: usize,
    at: usize,
}

/// What a key of an element says.
#[derive(Debug, Clone)]
pub struct Said {
    key: String,
    pub value: String,
    /// The way to the key, which fills the only cell.
    pub way: Tree,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Element(usize),
    Every,
    Where(String, String),
    Whole,
}

/// The path of an object or array as it is written.
pub fn whole(path: &str) -> String {
    format!("{path}[=]")
}

/// `a[0].b` → its steps; in brackets is a number, what a key says, `=`, or nothing, which means every element.
fn steps(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut inside = false;
    let is_between = |letter: char| {
        inside = if inside { letter != ']' } else { letter == '[' };
        letter == '.' && !inside
    };
    for part in path.trim().split(is_between) {
        let (key, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
        if !key.is_empty() {
            steps.push(Step::Key(key.to_owned()));
        }
        while let Some((inside, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            steps.push(match (inside, inside.split_once('=')) {
                ("=", _) => Step::Whole,
                (_, Some((key, value))) => Step::Where(key.trim().to_owned(), value.trim().to_owned()),
                _ => inside.parse().map_or(Step::Every, Step::Element),
            });
            rest = after;
        }
    }
    steps
}

impl Said {
    fn new(key: &str, value: &str) -> Self {
        let (key, value) = (key.to_owned(), value.to_owned());
        Self { way: Tree::new(std::slice::from_ref(&key)), key, value }
    }
}

impl Tree {
    /// The tree of all paths; the n-th path fills the n-th cell.
    pub fn new(paths: &[String]) -> Self {
        let mut root = Self::default();
        for (cell, path) in paths.iter().enumerate() {
            root.insert(&steps(path), cell, false);
            // A key may itself have dots in it.
            if path.contains('.') {
                root.insert(&[Step::Key(path.trim().to_owned())], cell, false);
            }
        }
        root.spread();
        root
    }

    fn insert(&mut self, steps: &[Step], cell: usize, many: bool) {
        let Some((step, rest)) = steps.split_first() else {
            self.cells.push(cell);
            self.many |= many;
            return;
        };
        match step {
            Step::Key(key) => {
                let alike = self.alike(key);
                child(alike, |own| own.eq_ignore_ascii_case(key), || key.clone()).insert(rest, cell, many);
            }
            Step::Element(at) => child(&mut self.elements, |own| own == at, || *at).insert(rest, cell, many),
            Step::Every => self.every.get_or_insert_default().insert(rest, cell, true),
            Step::Where(key, value) => {
                let same = |own: &Said| (&own.key, &own.value) == (key, value);
                child(&mut self.wheres, same, || Said::new(key, value)).insert(rest, cell, many);
            }
            Step::Whole => self.whole.push(cell),
        }
    }

    /// The keys that are as long as this one.
    fn alike(&mut self, key: &str) -> &mut Vec<(String, Self)> {
        if self.keys.len() <= key.len() {
            self.keys.resize_with(key.len() + 1, Vec::new);
        }
        &mut self.keys[key.len()]
    }

    /// What is asked of every element is asked of single elements too: a value is visited once.
    fn spread(&mut self) {
        if let Some(every) = &mut self.every {
            every.spread();
            self.elements.iter_mut().for_each(|(_, tree)| tree.merge(every));
        }
        self.keys.iter_mut().flatten().for_each(|(_, tree)| tree.spread());
        self.elements.iter_mut().for_each(|(_, tree)| tree.spread());
        self.wheres.iter_mut().for_each(|(_, tree)| tree.spread());
    }

    fn merge(&mut self, other: &Self) {
        for (key, tree) in other.keys.iter().flatten() {
            child(self.alike(key), |own| own.eq_ignore_ascii_case(key), || key.clone()).merge(tree);
        }
        for (at, tree) in &other.elements {
            child(&mut self.elements, |own| own == at, || *at).merge(tree);
        }
        for (said, tree) in &other.wheres {
            let same = |own: &Said| (&own.key, &own.value) == (&said.key, &said.value);
            child(&mut self.wheres, same, || said.clone()).merge(tree);
        }
        if let Some(every) = &other.every {
            self.every.get_or_insert_default().merge(every);
        }
        self.whole.extend(&other.whole);
        self.cells.extend(&other.cells);
        self.many |= other.many;
    }

    /// Number this place and all below it, from a number on; the one that follows.
    pub fn number(&mut self, from: usize) -> usize {
        self.place = from;
        let keys = self.keys.iter_mut().flatten().map(|(_, tree)| tree);
        let elements = self.elements.iter_mut().map(|(_, tree)| tree);
        let wheres = self.wheres.iter_mut().map(|(_, tree)| tree);
        let below = keys.chain(elements).chain(wheres).chain(self.every.as_deref_mut());
        below.fold(from + 1, |from, tree| tree.number(from))
    }

    /// Whether something is wanted of an object here.
    pub fn has_keys(&self) -> bool {
        !self.keys.is_empty()
    }

    /// Whether something is wanted of an array here: its own values are wanted where it is.
    pub fn has_elements(&self) -> bool {
        !self.elements.is_empty() || self.every.is_some() || !self.wheres.is_empty() || !self.cells.is_empty()
    }

    /// Where it says what is wanted of a key's value.
    #[inline]
    pub fn find(&self, key: &str) -> Option<Child> {
        let same = |own: &str| own == key || own.eq_ignore_ascii_case(key);
        let at = self.keys.get(key.len())?.iter().position(|(own, _)| same(own))?;
        Some(Child { length: key.len(), at })
    }

    /// What is wanted of the value of a key that was found.
    #[inline]
    pub fn child(&self, Child { length, at }: Child) -> &Self {
        &self.keys[length][at].1
    }

    /// What is wanted of an array's element.
    pub fn element(&self, at: usize) -> Option<&Self> {
        let own = self.elements.iter().find(|(element, _)| *element == at).map(|(_, tree)| tree);
        own.or(self.every.as_deref())
    }

    /// What is wanted of elements of which a key says something.
    pub fn wheres(&self) -> &[(Said, Self)] {
        &self.wheres
    }
}

/// The child of a name, made if it is new.
fn child<K>(children: &mut Vec<(K, Tree)>, same: impl Fn(&K) -> bool, make: impl Fn() -> K) -> &mut Tree {
    let at = children.iter().position(|(key, _)| same(key)).unwrap_or_else(|| {
        children.push((make(), Tree::default()));
        children.len() - 1
    });
    &mut children[at].1
}
