/// Words for a POSIX shell.
enum ShellWord {
    /// The text as one word, whatever stands in it.
    static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// The words as one line; plain ones stay as they are.
    static func line(_ words: [String]) -> String {
        words.map { isPlain($0) ? $0 : quoted($0) }.joined(separator: " ")
    }

    private static func isPlain(_ word: String) -> Bool {
        !word.isEmpty
            && word.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x2B...0x3A).contains(byte)
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "=")
            }
    }
}
