import HashTreeCollections

/// When the controllers look at an object next.
///
/// Every object has at most one appointment.
struct Agenda: Sendable {
    private var times: TreeDictionary<StorageKey, Int> = [:]

    /// The appointment of an object; setting nil cancels it.
    subscript(key: StorageKey) -> Int? {
        get { times[key] }
        set { times[key] = newValue }
    }

    /// The time of the first appointment.
    var earliest: Int? { times.values.min() }

    /// The objects whose time has come, by time and key.
    func due(at now: Int) -> [StorageKey] {
        var ready: [(time: Int, key: StorageKey)] = []
        for (key, time) in times where time <= now { ready.append((time: time, key: key)) }
        return ready.sorted { ($0.time, $0.key) < ($1.time, $1.key) }.map(\.key)
    }
}
