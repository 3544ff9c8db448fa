/// What the system says of this process; nil: it does not say.
package struct ProcessFigures: Sendable {
    /// User and system time since the start of the process.
    package var cpuNanoseconds: UInt64?
    package var residentBytes: UInt64?
    package var openDescriptors: Int?
    package var descriptorLimit: Int?

    package init(
        cpuNanoseconds: UInt64? = nil, residentBytes: UInt64? = nil, openDescriptors: Int? = nil,
        descriptorLimit: Int? = nil
    ) {
        self.cpuNanoseconds = cpuNanoseconds
        self.residentBytes = residentBytes
        self.openDescriptors = openDescriptors
        self.descriptorLimit = descriptorLimit
    }
}
