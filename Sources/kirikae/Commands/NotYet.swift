/// Commands that are planned and not there yet, so that whoever types one is not told of an unexpected argument.
enum NotYet {
    /// Their names.
    static let commands: Set = ["resolve"]

    /// Refuses a command line that begins with one of them.
    static func check(_ arguments: some Sequence<String>) throws {
        guard let command = arguments.first(where: { _ in true }), commands.contains(command) else { return }
        throw CommandFailure(
            .usage, "kirikae \(command) is not there yet",
            next: "kirikae --help lists the commands that are; the README says what else is missing.")
    }
}
