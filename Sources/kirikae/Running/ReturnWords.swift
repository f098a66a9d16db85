import Execution

/// How long a way back took, for the terminal.
enum ReturnWords {
    /// Says it on standard error, where the command ended with a way back.
    static func say(_ store: FileRunStore, _ outcome: RunOutcome, console: Console = Console()) {
        guard outcome.kind == .paused || outcome.kind == .rolledBack, let run = outcome.run,
            let records = try? store.read(run).records, let time = ReturnTime.all(in: records).last,
            let whole = time.wholeMilliseconds
        else { return }
        let traffic = time.trafficMilliseconds.map { "traffic was back after \(seconds($0)), " } ?? ""
        console.message("measured: \(traffic)everything after \(seconds(whole))")
    }

    private static func seconds(_ milliseconds: Int64) -> String {
        let hundredths = (milliseconds + 5) / 10
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
    }
}
