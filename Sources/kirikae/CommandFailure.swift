/// An error as a person meets it: what is wrong and where, what to type next, and the code of the process.
struct CommandFailure: Error, CustomStringConvertible {
    var status: ExitStatus
    /// What is wrong, with the file, line and column or the object's name.
    var message: String
    /// The next command to type or the thing to change; nil where the message says it all.
    var next: String?

    init(_ status: ExitStatus, _ message: String, next: String? = nil) {
        self.status = status
        self.message = message
        self.next = next
    }

    var description: String {
        next.map { "error: \(message)\n\($0)" } ?? "error: \(message)"
    }
}
