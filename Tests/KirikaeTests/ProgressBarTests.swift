import Testing

@testable import kirikae

/// The line at the foot of the terminal.
@Suite struct ProgressBarTests {
    @Test(arguments: [40, 60, 80, 200])
    func neverWiderThanTheTerminal(_ width: Int) {
        for done in [0, 1, 57, 145] {
            let line = ProgressBar.render(
                done: done, total: 145, label: "front · Send 50 % of storefront to green, step by step", width: width)
            #expect(line.count <= width)
        }
    }

    @Test func fillsWithTheWork() {
        let filled = (0...10).map { done in
            ProgressBar.render(done: done, total: 10, label: "", width: 80).count { $0 == "█" }
        }
        #expect(filled == filled.sorted())
        #expect(filled.first == 0)
        #expect(!ProgressBar.render(done: 10, total: 10, label: "", width: 80).contains("░"))
    }

    @Test func nothingToDoIsAFullBar() {
        #expect(ProgressBar.render(done: 0, total: 0, label: "done", width: 80).contains("0/0"))
        #expect(!ProgressBar.render(done: 0, total: 0, label: "done", width: 80).contains("░"))
    }
}
