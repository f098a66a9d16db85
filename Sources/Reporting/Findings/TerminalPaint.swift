import Findings

/// The few colours of a terminal that reports use; off, it gives every text back as it is.
struct TerminalPaint {
    var isOn: Bool

    func bold(_ text: String) -> String { painted(text, 1) }
    func dim(_ text: String) -> String { painted(text, 2) }
    func good(_ text: String) -> String { painted(text, 32) }

    /// In the colour of a severity.
    func severity(_ text: String, _ severity: Finding.Severity) -> String {
        switch severity {
        case .breaks: painted(text, 31)
        case .warns: painted(text, 33)
        case .info: painted(text, 34)
        }
    }

    private func painted(_ text: String, _ code: Int) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}
