//! glibc's own matching functions, as the reference of the tests.
//!
//! It exists only in test builds; no part of the library calls it.
#![allow(unsafe_code, clippy::unwrap_used, clippy::indexing_slicing)]

use std::ffi::{CStr, CString};
use std::os::raw::c_int;

/// How many spans are asked for.
pub(crate) const SPANS: usize = 24;

/// The spans that `regexec()` reports, or none if it finds no match.
pub(crate) type Spans = Option<Vec<Option<(usize, usize)>>>;

/// A pattern that `regcomp()` accepted.
struct Compiled(libc::regex_t);

impl Compiled {
    /// The pattern, or the error text.
    fn new(pattern: &[u8], flags: c_int) -> Result<Compiled, String> {
        let pattern = CString::new(pattern).unwrap();
        // SAFETY: a `regex_t` is plain data that `regcomp` fills in; `regerror` only reads it
        // and writes within the length it is given.
        unsafe {
            let mut compiled: libc::regex_t = std::mem::zeroed();
            let error = libc::regcomp(&raw mut compiled, pattern.as_ptr(), flags);
            if error == 0 {
                return Ok(Compiled(compiled));
            }
            let mut message = [0; 256];
            libc::regerror(
                error,
                &raw const compiled,
                message.as_mut_ptr(),
                message.len(),
            );
            let message = CStr::from_ptr(message.as_ptr());
            Err(message.to_str().unwrap().to_owned())
        }
    }

    /// What `regexec()` returns, with the spans it is asked for.
    fn execute(&self, text: &[u8], spans: &mut [libc::regmatch_t]) -> c_int {
        let text = CString::new(text).unwrap();
        // SAFETY: the pattern was compiled; `regexec` only reads it, and writes as many spans
        // as there are.
        unsafe {
            libc::regexec(
                &raw const self.0,
                text.as_ptr(),
                spans.len(),
                spans.as_mut_ptr(),
                0,
            )
        }
    }
}

impl Drop for Compiled {
    fn drop(&mut self) {
        // SAFETY: it was compiled, and nobody uses it any more.
        unsafe { libc::regfree(&raw mut self.0) }
    }
}

/// The error text of `regcomp()`, where it does not accept the pattern.
pub(crate) fn fault(pattern: &[u8], flags: c_int) -> Option<String> {
    Compiled::new(pattern, flags).err()
}

/// The result of `regcomp()` and `regexec()`: the spans, or the error text.
pub(crate) fn regex(pattern: &[u8], text: &[u8], flags: c_int) -> Result<Spans, String> {
    let compiled = Compiled::new(pattern, flags)?;
    // The number of groups is the only thing glibc does not report, so more
    // spans are asked for than any test has groups.
    let mut spans = vec![
        libc::regmatch_t {
            rm_so: -1,
            rm_eo: -1
        };
        SPANS
    ];
    match compiled.execute(text, &mut spans) {
        0 => Ok(Some(
            spans
                .iter()
                .map(|span| {
                    Some((
                        usize::try_from(span.rm_so).ok()?,
                        usize::try_from(span.rm_eo).ok()?,
                    ))
                })
                .collect(),
        )),
        libc::REG_NOMATCH => Ok(None),
        error => Err(format!("regexec {error}")),
    }
}

/// Whether `regexec()` matches without being asked for spans.
pub(crate) fn is_match(pattern: &[u8], text: &[u8], flags: c_int) -> Option<bool> {
    let compiled = Compiled::new(pattern, flags | libc::REG_NOSUB).ok()?;
    Some(compiled.execute(text, &mut []) == 0)
}

/// The result of `fnmatch()`.
pub(crate) fn fnmatch(pattern: &[u8], text: &[u8], options: super::fnmatch::Options) -> bool {
    let pattern = CString::new(pattern).unwrap();
    let text = CString::new(text).unwrap();
    let mut flags = 0;
    for (wanted, flag) in [
        (options.no_escape, libc::FNM_NOESCAPE),
        (options.pathname, libc::FNM_PATHNAME),
        (options.period, libc::FNM_PERIOD),
    ] {
        if wanted {
            flags |= flag;
        }
    }
    // SAFETY: both strings end in a null byte and outlive the call.
    unsafe { libc::fnmatch(pattern.as_ptr(), text.as_ptr(), flags) == 0 }
}

/// The result of `glob()`, without a function for errors.
pub(crate) fn glob(
    pattern: &[u8],
    options: super::glob::Options,
) -> Result<Vec<Vec<u8>>, super::glob::GlobError> {
    let pattern = CString::new(pattern).unwrap();
    let mut flags = 0;
    for (wanted, flag) in [
        (options.mark, libc::GLOB_MARK),
        (options.no_sort, libc::GLOB_NOSORT),
        (options.no_check, libc::GLOB_NOCHECK),
        (options.no_escape, libc::GLOB_NOESCAPE),
        (options.stop_on_error, libc::GLOB_ERR),
    ] {
        if wanted {
            flags |= flag;
        }
    }
    // SAFETY: a `glob_t` is plain data that `glob` fills in; its paths are
    // copied before `globfree` is called once.
    unsafe {
        let mut found: libc::glob_t = std::mem::zeroed();
        let status = libc::glob(pattern.as_ptr(), flags, None, &raw mut found);
        let result = match status {
            0 => Ok((0..found.gl_pathc)
                .map(|index| {
                    CStr::from_ptr(*found.gl_pathv.add(index))
                        .to_bytes()
                        .to_vec()
                })
                .collect()),
            libc::GLOB_NOMATCH => Err(super::glob::GlobError::NoMatch),
            libc::GLOB_ABORTED => Err(super::glob::GlobError::Aborted),
            _ => Err(super::glob::GlobError::Exhausted),
        };
        libc::globfree(&raw mut found);
        result
    }
}
