#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The two streams of the process: results go to standard output, progress and messages to standard error.
struct Console: Sendable {
    /// Whether colours may be used on standard error: a terminal, and `NO_COLOR` not set.
    let colour: Bool
    /// Whether colours may be used on standard output, by the same rule.
    let coloursResult: Bool
    /// Whether progress is drawn in place rather than as lines.
    let interactive: Bool
    /// Columns of the terminal; 80 where there is none.
    let width: Int

    init() {
        let isDumb = getenv("TERM").map { String(cString: $0) } == "dumb"
        interactive = isatty(STDERR_FILENO) == 1 && !isDumb
        let noColour = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        colour = interactive && !noColour
        coloursResult = isatty(STDOUT_FILENO) == 1 && !isDumb && !noColour
        var size = winsize()
        width = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    /// Writes a result.
    func result(_ text: String) { Self.write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO) }

    /// Writes a result as it is, byte for byte.
    func bytes(_ bytes: [UInt8]) { Self.write(bytes, to: STDOUT_FILENO) }

    /// Writes a message for the person at the terminal.
    func message(_ text: String) { Self.write(text + "\n", to: STDERR_FILENO) }

    /// Writes to standard error without ending the line.
    func raw(_ text: String) { Self.write(text, to: STDERR_FILENO) }

    /// The text in a colour, where colours are wanted.
    func paint(_ text: String, _ tint: Tint) -> String { colour ? "\u{1B}[\(tint.rawValue)m\(text)\u{1B}[0m" : text }

    /// The few colours in use.
    enum Tint: Int {
        case bold = 1
        case red = 31
        case green = 32
        case yellow = 33
        case blue = 34
        case dim = 2
    }

    private static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

    private static func write(_ text: [UInt8], to descriptor: Int32) {
        var bytes = text[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return  // The reader went away; there is nobody left to tell.
            }
            bytes = bytes.dropFirst(count)
        }
    }
}
