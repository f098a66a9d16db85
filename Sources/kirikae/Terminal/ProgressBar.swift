/// One line at the foot of the terminal that shows how far a run is; plain lines where there is no terminal.
///
/// Redrawn in place, so it must be told of every other message: ``say(_:)`` clears the bar, writes, and draws again.
struct ProgressBar {
    let console: Console
    private(set) var done = 0
    private(set) var total: Int
    private var label = ""
    private var drawn = false

    init(console: Console, total: Int) {
        self.console = console
        self.total = total
    }

    /// Moves the bar.
    mutating func update(done: Int, total: Int? = nil, label: String) {
        if let total { self.total = total }
        self.done = min(done, self.total)
        self.label = label
        draw()
    }

    /// Writes a line above the bar.
    mutating func say(_ text: String) {
        erase()
        console.message(text)
        draw()
    }

    /// Takes the bar away.
    mutating func finish() { erase() }

    /// The bar as text, for a terminal of that width.
    static func render(done: Int, total: Int, label: String, width: Int) -> String {
        let count = "\(done)/\(total)"
        let cells = max(10, min(40, width - count.count - 40))
        let filled = total == 0 ? cells : done * cells / total
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: cells - filled)
        let line = "\(bar) \(count)  \(label)"
        return line.count <= width ? line : String(line.prefix(max(0, width - 1))) + "…"
    }

    private mutating func draw() {
        guard console.interactive else { return }
        console.raw("\r\u{1B}[2K" + Self.render(done: done, total: total, label: label, width: console.width - 1))
        drawn = true
    }

    private mutating func erase() {
        guard drawn else { return }
        console.raw("\r\u{1B}[2K")
        drawn = false
    }
}
