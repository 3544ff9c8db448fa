import Glibc

extension PosixError {
    /// The peer is gone without goodbye.
    package var isReset: Bool { code == ECONNRESET || code == EPIPE }

    /// The process or the system has no descriptor left.
    package var isOutOfDescriptors: Bool { code == EMFILE || code == ENFILE }
}
