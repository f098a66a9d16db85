import Testing

@testable import Planning

@Suite("Times of gates")
struct GateTimesTests {
    @Test(
        "moments are read to the second",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-01-01T00:00:00Z", 1_767_225_600),
            ("2024-02-29T12:00:00Z", 1_709_208_000),
            ("2026-01-01T03:00:00+01:00", 1_767_232_800), ("2025-12-31T19:00:00-05:00", 1_767_225_600),
            ("2023-02-29T00:00:00Z", nil), ("2026-13-01T00:00:00Z", nil), ("2026-01-01", nil), ("tomorrow", nil),
            ("2026-01-01T24:00:00Z", nil), ("2026-01-01T00:00:00", nil), ("2026-01-01T00:00:00+1:00", nil),
        ] as [(String, Int64?)])
    func moments(text: String, seconds: Int64?) {
        #expect(GateMoment.milliseconds(text) == seconds.map { $0 * 1_000 })
    }

    @Test("a window is open exactly in its hours, and the wait leads to its beginning")
    func windows() throws {
        let hour: Int64 = 3_600_000
        // 2026-01-01T00:00:00Z is a Thursday.
        let thursday: Int64 = 1_767_225_600_000
        let night = GateWindow(days: [.fri], from: "22:00", to: "04:00")
        #expect(night.wait(at: thursday) == 46 * hour)
        #expect(night.wait(at: thursday + 46 * hour) == 0)
        #expect(night.wait(at: thursday + 51 * hour) == 0)
        #expect(night.wait(at: thursday + 52 * hour) == (46 + 7 * 24 - 52) * hour)
        let daily = GateWindow(from: "09:00", to: "17:00")
        for quarter in 0..<(14 * 96) as Range<Int64> {
            let at = thursday + quarter * hour / 4
            let inDay = quarter % 96
            let isOpen = inDay >= 36 && inDay < 68
            #expect((daily.wait(at: at) == 0) == isOpen)
            let later = at + daily.wait(at: at)
            #expect(daily.wait(at: later) == 0)
            #expect(daily.wait(at: at) <= 24 * hour)
        }
    }
}
