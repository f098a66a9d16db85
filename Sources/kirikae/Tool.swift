#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What the tool is called and which one it is.
enum Tool {
    /// Written into plans and journals.
    static let version = "0.1.0"
}

/// Ends the process with that code.
func leave(_ status: Int32) -> Never { exit(status) }
