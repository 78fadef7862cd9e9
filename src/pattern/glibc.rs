//! glibc's own matching functions, as the reference of the tests.
//!
//! It exists only in test builds; no part of the library calls it.
#![allow(unsafe_code, clippy::unwrap_used, clippy::indexing_slicing)]

use std::ffi::{CStr, CString};
use std::os::raw::c_int;

/// The spans that `regexec()` reports, or none if it finds no match.
pub(crate) type Spans = Option<Vec<Option<(usize, usize)>>>;

/// The result of `regcomp()` and `regexec()`: the spans, or the error text.
pub(crate) fn regex(pattern: &[u8], text: &[u8], flags: c_int) -> Result<Spans, String> {
    let pattern = CString::new(pattern).unwrap();
    let text = CString::new(text).unwrap();
    // SAFETY: a `regex_t` is plain data that `regcomp` fills in; `regexec` and
    // `regerror` only read it and write within the lengths they are given, and
    // `regfree` is called once and only after a successful `regcomp`.
    unsafe {
        let mut compiled: libc::regex_t = std::mem::zeroed();
        let error = libc::regcomp(&raw mut compiled, pattern.as_ptr(), flags);
        if error != 0 {
            let mut message = [0; 256];
            libc::regerror(
                error,
                &raw const compiled,
                message.as_mut_ptr(),
                message.len(),
            );
            return Err(CStr::from_ptr(message.as_ptr())
                .to_str()
                .unwrap()
                .to_owned());
        }
        // The number of groups is the only thing glibc does not report, so more
        // spans are asked for than any test has groups.
        let mut spans = vec![
            libc::regmatch_t {
                rm_so: -1,
                rm_eo: -1
            };
            24
        ];
        let status = libc::regexec(
            &raw const compiled,
            text.as_ptr(),
            spans.len(),
            spans.as_mut_ptr(),
            0,
        );
        libc::regfree(&raw mut compiled);
        match status {
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
}

/// Whether `regexec()` matches without being asked for spans.
pub(crate) fn is_match(pattern: &[u8], text: &[u8], flags: c_int) -> Option<bool> {
    let pattern = CString::new(pattern).unwrap();
    let text = CString::new(text).unwrap();
    // SAFETY: as in `regex`; no spans are asked for.
    unsafe {
        let mut compiled: libc::regex_t = std::mem::zeroed();
        if libc::regcomp(&raw mut compiled, pattern.as_ptr(), flags | libc::REG_NOSUB) != 0 {
            return None;
        }
        let status = libc::regexec(
            &raw const compiled,
            text.as_ptr(),
            0,
            std::ptr::null_mut(),
            0,
        );
        libc::regfree(&raw mut compiled);
        Some(status == 0)
    }
}
