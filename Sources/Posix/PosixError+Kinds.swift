import Glibc

extension PosixError {
    /// The peer is gone without goodbye.
    package var isReset: Bool { code == ECONNRESET || code == EPIPE }

    /// A pipe or a device, where nothing stands at an offset.
    package var hasNoOffsets: Bool { code == ESPIPE || code == EINVAL }

    /// A name that is taken, or a file that another process owns.
    package var isTaken: Bool { code == EEXIST || code == EWOULDBLOCK }
    package static func taken(_ call: String) -> PosixError { PosixError(call, code: EEXIST) }
    /// A file or folder that is not there.
    package var isMissing: Bool { code == ENOENT }
    /// The process or the system has no descriptor left.
    package var isOutOfDescriptors: Bool { code == EMFILE || code == ENFILE }
}
