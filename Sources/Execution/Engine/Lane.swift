/// What several operations want done next, gathered.
///
/// Waiting is worth an action only when nothing else is there to do or to wait for.
struct Lane {
    private var calls: [Action] = []
    private var nap: (milliseconds: Int64, why: String)?

    var isEmpty: Bool { calls.isEmpty && nap == nil }

    /// Takes in what one operation wants.
    mutating func take(_ actions: [Action]) {
        for action in actions {
            guard case .sleep(let milliseconds, let why) = action else {
                calls.append(action)
                continue
            }
            if milliseconds < nap?.milliseconds ?? .max { nap = (milliseconds, why) }
        }
    }

    /// The calls; the shortest wait, when nothing else goes on.
    func actions(isAlone: Bool) -> [Action] {
        guard calls.isEmpty, isAlone, let nap else { return calls }
        return [.sleep(milliseconds: nap.milliseconds, why: nap.why)]
    }
}
