/// One call of the tool, and how it may end.
struct CommandCall {
    var words: [String]
    private var codes: Set<Int32>

    init(_ words: [String], _ codes: Set<Int32>) {
        self.words = words
        self.codes = codes
    }

    /// A call that must fail, in one of the ways that the table of exit codes has.
    init(_ words: [String], fails: Bool) { self.init(words, [2, 3, 5, 6, 7, 10, 11]) }

    func mayEnd(with code: Int32) -> Bool { codes.contains(code) }
}

/// Calls of every command around a run, in all the forms of their results.
struct CommandCalls {
    private let home: String
    private let plan: String

    init(_ shop: RealShop) {
        home = shop.home
        plan = shop.folder
    }

    /// Everything up to a plan and its drill.
    var before: [CommandCall] {
        let forms = ["text", "json", "sarif", "junit", "markdown", "github", "html"]
        let manifests = "\(home)/own/manifests"
        var calls = forms.map { CommandCall(["check", "--context", "real-blue", "--to", "1.25", "-o", $0], [0, 1]) }
        calls += forms.map { CommandCall(["check", manifests, "--to", "1.25", "-o", $0], [0, 1]) }
        calls += [
            CommandCall(["check", manifests, "--to", "1.25", "-o", "json", "--out", "\(home)/check.json"], [0, 1]),
            CommandCall(["check", manifests, "--to", "1.25", "--write-baseline", "\(home)/baseline"], [0, 1]),
            CommandCall(["inventory", "--context", "real-blue", "--out", "\(home)/inventory"], [0]),
            CommandCall(
                ["inventory", "--context", "real-blue", "--with-secret-data", "--out", "\(home)/secret-inventory"],
                [0]),
            CommandCall(["check", "\(home)/inventory", "--to", "1.25", "-o", "json"], [0, 1]),
            CommandCall(["check", "\(home)/secret-inventory", "--to", "1.25", "-o", "json"], [0, 1]),
            CommandCall(["convert", manifests, "--to", "1.25"], [0, 12]),
            CommandCall(["convert", manifests, "--to", "1.25", "-o", "json"], [0, 12]),
            CommandCall(["convert", manifests, "--to", "1.25", "--check"], [0, 1, 12]),
            CommandCall(["convert", manifests, "--to", "1.25", "--write"], [0, 12]),
            CommandCall(["convert", "--helm-releases", "--context", "real-blue", "--to", "1.25"], [0, 12]),
            CommandCall(
                ["convert", "--helm-releases", "--context", "real-blue", "--to", "1.25", "-o", "json"], [0, 12]),
            CommandCall(["plan", "-f", "\(plan)/migration.yaml", "-o", "json"], [0]),
            CommandCall(["drill", plan], [0, 1]), CommandCall(["drill", plan, "-o", "json"], [0, 1]),
        ]
        calls += ["blue", "green"].map { CommandCall(["rbac", $0, plan], [0]) }
        calls += forms.map { CommandCall(["report", "\(home)/check.json", "-o", $0], [0]) }
        calls += [
            CommandCall(["catalog", "show", "--removed-in", "1.22"], [0]),
            CommandCall(["catalog", "search", "ingress"], [0]),
            CommandCall(["catalog", "explain", "ingresses.extensions"], [0]),
            CommandCall(["catalog", "import", "--context", "real-blue", "--out", "\(home)/overlay.yaml"], [0]),
            CommandCall(["route", "set", plan, "web", "--green", "0", "--yes"], [0]),
            CommandCall(["route", "verify", plan, "web", "--green", "0"], [0, 1]),
        ]
        return calls
    }

    /// What only looks at a run.
    var looking: [CommandCall] {
        var calls = [["status"], ["runs", "list"], ["runs", "show"], ["lock", "show"], ["route", "show", plan]].flatMap
        {
            [CommandCall($0, [0, 1, 2, 4, 5]), CommandCall($0 + ["-o", "json"], [0, 1, 2, 4, 5])]
        }
        calls += [CommandCall(["journal", "verify"], [0, 2]), CommandCall(["journal", "show"], [0, 2])]
        calls += ["markdown", "html"].flatMap {
            [CommandCall(["report", plan, "-o", $0], [0]), CommandCall(["report", "-o", $0], [0])]
        }
        return calls
    }

    /// What asks blue, by a kubeconfig that is to follow.
    var asking: [[String]] {
        [
            ["check", "--context", "real-blue", "--to", "1.25"],
            ["inventory", "--context", "real-blue", "--out", "\(home)/none"],
            ["catalog", "import", "--context", "real-blue", "--out", "\(home)/none.yaml"],
            ["convert", "--helm-releases", "--context", "real-blue", "--to", "1.25"],
            ["plan", "-f", "\(plan)/migration.yaml", "--out", "\(home)/none-plan"],
        ]
    }
}
