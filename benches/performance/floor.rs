//! Two assembly programs: one that does nothing, and one that starts others and does nothing
//! else. What they cost, the kernel takes for processes and executions; nobody can be below.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The least that a program can do.
#[cfg(target_arch = "x86_64")]
const NOTHING: &str = ".globl _start\n_start: mov $231, %eax\n xor %edi, %edi\n syscall\n";

/// `floor COUNT PROGRAM [NEXT ...]`: runs PROGRAM so many times, one after the other, with
/// nothing copied, and then becomes NEXT, or ends.
#[cfg(target_arch = "x86_64")]
const FLOOR: &str = r"
.globl _start
_start:
    mov (%rsp), %rbx
    lea 8(%rsp), %r12
    lea 16(%rsp,%rbx,8), %r15
    mov 8(%r12), %rsi
    xor %r13d, %r13d
1:  movzbl (%rsi), %eax
    test %eax, %eax
    jz 2f
    imul $10, %r13, %r13
    lea -48(%r13,%rax), %r13
    inc %rsi
    jmp 1b
2:  test %r13, %r13
    jz 4f
    dec %r13
    mov $58, %eax
    syscall
    test %rax, %rax
    jnz 3f
    mov 16(%r12), %rdi
    lea 16(%r12), %rsi
    mov %r15, %rdx
    mov $59, %eax
    syscall
    mov $231, %eax
    mov $127, %edi
    syscall
3:  mov %rax, %rdi
    xor %esi, %esi
    xor %edx, %edx
    xor %r10d, %r10d
    mov $61, %eax
    syscall
    jmp 2b
4:  mov 24(%r12), %rdi
    test %rdi, %rdi
    jz 5f
    lea 24(%r12), %rsi
    mov %r15, %rdx
    mov $59, %eax
    syscall
    mov $231, %eax
    mov $127, %edi
    syscall
5:  mov $231, %eax
    xor %edi, %edi
    syscall
";

/// The two programs.
pub struct Floor {
    /// Ends at once.
    pub nothing: PathBuf,
    /// Starts others.
    pub floor: PathBuf,
}

impl Floor {
    /// Makes both in `directory`.
    pub fn assemble(directory: &Path) -> Floor {
        Floor {
            nothing: assemble(NOTHING, directory.join("nothing")),
            floor: assemble(FLOOR, directory.join("floor")),
        }
    }
}

fn assemble(text: &str, program: PathBuf) -> PathBuf {
    let mut compiler = Command::new("cc")
        .args(["-nostdlib", "-static", "-x", "assembler", "-", "-o"])
        .arg(&program)
        .stdin(Stdio::piped())
        .spawn()
        .expect("a C compiler, called cc");
    let mut stdin = compiler.stdin.take().expect("a pipe to the compiler");
    stdin
        .write_all(text.as_bytes())
        .expect("a reading compiler");
    drop(stdin);
    assert!(compiler.wait().expect("the compiler's end").success());
    program
}
