import Manifests

/// Programs that are told how a run stands, by what happened to it.
public struct MigrationHooks: Sendable, Hashable, Codable {
    /// It waits at a gate that nobody opened yet.
    public var waiting: MigrationHook?
    /// It needs a person.
    public var halted: MigrationHook?
    /// It went back, to a checkpoint or to the beginning.
    public var returned: MigrationHook?
    /// It is done.
    public var done: MigrationHook?

    public init(
        waiting: MigrationHook? = nil, halted: MigrationHook? = nil, returned: MigrationHook? = nil,
        done: MigrationHook? = nil
    ) {
        self.waiting = waiting
        self.halted = halted
        self.returned = returned
        self.done = done
    }
}

/// One program.
public struct MigrationHook: Sendable, Hashable, Codable {
    /// The program and its arguments; no shell is involved.
    public var run: [String]
    /// Seconds until it is ended, 1 to 60; 10 when left out.
    public var timeout: Int?

    public init(run: [String], timeout: Int? = nil) {
        self.run = run
        self.timeout = timeout
    }

    /// Seconds until it is ended.
    public var limit: Int { timeout ?? 10 }
}

extension MigrationCheck {
    /// Complaints about hooks.
    static func hooks(_ hooks: MigrationHooks?, _ complain: Complain) {
        guard let hooks else { return }
        let named = [
            ("waiting", hooks.waiting), ("halted", hooks.halted), ("returned", hooks.returned), ("done", hooks.done),
        ]
        for (name, hook) in named {
            guard let hook else { continue }
            let path: FieldPath = FieldPath([.member("on"), .member(name)])
            if hook.run.first?.isEmpty ?? true {
                complain(path.member("run"), "is empty", "Name a program and its arguments, as a list.")
            }
            if let timeout = hook.timeout, !(1...60).contains(timeout) {
                complain(path.member("timeout"), "\(timeout) is not between 1 and 60", "Write seconds.")
            }
        }
    }
}
