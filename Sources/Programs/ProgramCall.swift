/// A program with everything that it gets.
public struct ProgramCall: Sendable, Hashable {
    /// What stands in the program's environment.
    public enum Environment: Sendable, Hashable {
        /// Ours, with these over it.
        case ours(adding: [String: String])
        /// These and no others.
        case only([String: String])
    }

    /// What the program reads from its standard input.
    public enum Input: Sendable, Hashable {
        case bytes([UInt8])
        /// What we would read: it may ask a person.
        case ours
    }

    /// Where the program's standard error goes.
    public enum Messages: Sendable, Hashable {
        /// Into the answer. Such a program has nobody at the terminal, and Ctrl-C there is not for it: it must not end a
        /// reload half-way.
        case kept
        /// Where ours goes, and nowhere else: plugins put there what a person must read, such as the address of a login
        /// page, and sometimes more than anybody should keep.
        case shown
    }

    /// The program and its arguments; a name without `/` is looked for in the `PATH` of its environment.
    public var words: [String]
    public var environment: Environment
    /// Where it runs; nil: where we do.
    public var folder: String?
    public var input: Input
    public var messages: Messages

    /// A program in our environment that reads nothing, and whose messages are kept, unless told otherwise.
    public init(
        _ words: [String], environment: Environment = .ours(adding: [:]), folder: String? = nil,
        input: Input = .bytes([]), messages: Messages = .kept
    ) {
        self.words = words
        self.environment = environment
        self.folder = folder
        self.input = input
        self.messages = messages
    }
}
