import FoundationEssentials
import Manifests
import Testing

/// `kirikae check` in CI: forms, files, suppressions, baseline and the exit codes they make.
@Suite("The report of kirikae check")
struct CheckReportTests {
    static let cronJob = "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: digest, namespace: shop}\n"
    static let budget = "---\napiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: web}\n"

    /// Runs the tool in a folder of its own with these files in it.
    static func run(
        _ arguments: [String], _ files: [String: String] = ["a.yaml": cronJob], in folder: Folder
    ) async throws -> Program.Exit {
        for (name, text) in files { try Files.write(text, to: "\(folder.path)/\(name)") }
        // Started through a shell, for the folder it is started in is where .kirikae.yaml is looked for.
        let words = arguments.map { "'\($0)'" }.joined(separator: " ")
        return try await Program(
            "/bin/sh", ["-c", "cd '\(folder.path)' && exec '\(Tools.kirikae)' \(words)"],
            environment: ["HOME": folder.path], folder: folder.path, label: "run-\(arguments.count)"
        ).end()
    }

    /// What follows `check`, and the code it ends with.
    static let endings: [(words: String, code: Int32)] = [
        ("a.yaml --to 1.20", 0), ("a.yaml --to 1.24", 1), ("a.yaml --to 1.25 --fail-on breaks", 1),
        ("a.yaml --to 1.24 --fail-on breaks", 0), ("a.yaml torn.yaml --to 1.36 --parse-all", 3),
        // Without a word that any check looks for, it is cleared by its bytes, and the summary says so.
        ("torn.yaml --to 1.36 --parse-all", 3), ("torn.yaml --to 1.36", 0),
        ("a.yaml --to 1.36 -o nonsense", 2), ("a.yaml --to 1.36 --report html", 2),
        ("a.yaml --to 1.36 --today soon", 2), ("a.yaml --to 1.36 --baseline missing.json", 2),
        ("a.yaml --to 1.36 --baseline a.yaml", 2), ("a.yaml --to 1.36 --suppressions a.yaml", 2),
        ("a.yaml --to 1.36 --out no/such/folder/x", 2), ("a.yaml --to 1.36 --out x --report html=x", 2),
    ]

    @Test("ends with the code of the table", arguments: endings)
    func codes(_ words: String, _ code: Int32) async throws {
        let exit = try await Self.run(
            ["check"] + words.split(separator: " ").map(String.init),
            ["a.yaml": Self.cronJob, "torn.yaml": "a: [\n"], in: try Folder())
        #expect(exit.code == code, "\(exit)")
        if code == 2 { #expect(!exit.error.isEmpty && exit.output.isEmpty) }
    }

    @Test("is written in several forms from one run, and read back")
    func files() async throws {
        let folder = try Folder()
        let exit = try await Self.run(
            [
                "check", "a.yaml", "--to", "1.36", "-o", "sarif", "--out", "r.sarif", "--report", "json=r.json",
                "--report", "md=r.md", "--report", "junit=r.xml",
            ], in: folder)
        #expect(exit.code == 1 && exit.output.isEmpty, "\(exit)")
        let text = { (name: String) in try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8) }
        #expect(try JSONValue(parsing: try text("r.sarif"))["version"] == "2.1.0")
        #expect(try text("r.xml").hasPrefix("<?xml"))
        let again = try await Self.run(["report", "r.json"], [:], in: folder)
        #expect(again.code == 0)
        #expect(again.output == (try text("r.md")))
        let plan = try await Self.run(["report", "a.yaml"], [:], in: folder)
        #expect(plan.code == 2 && plan.error.contains("-o json"), "\(plan)")
    }

    @Test("leaves out what .kirikae.yaml suppresses, until its day")
    func suppressions() async throws {
        let folder = try Folder()
        let file = """
            apiVersion: kirikae.dev/v1
            kind: Suppressions
            suppressions: [{codes: [api-removed], namespaces: [shop], reason: later, until: 2027-01-31}]
            """
        let files = ["a.yaml": Self.cronJob, ".kirikae.yaml": file]
        let check = ["check", "a.yaml", "--to", "1.36", "--today"]
        let held = try await Self.run(check + ["2027-01-31"], files, in: folder)
        #expect(held.code == 0 && held.output.contains("1 finding suppressed"), "\(held)")
        let over = try await Self.run(check + ["2027-02-01"], files, in: folder)
        #expect(over.code == 1 && over.output.contains("ended on 2027-01-31"), "\(over)")
        let all = try await Self.run(check + ["2027-01-31", "--no-suppressions"], files, in: folder)
        #expect(all.code == 1, "\(all)")
        let wrong = try await Self.run(
            check + ["2027-01-31"], [".kirikae.yaml": file.replacing("codes", with: "code")], in: folder)
        #expect(wrong.code == 2 && wrong.error.contains(".kirikae.yaml:3:"), "\(wrong)")
    }

    @Test("fails on new findings only where there is a baseline")
    func baseline() async throws {
        let folder = try Folder()
        let check = ["check", "a.yaml", "--to", "1.36"]
        let written = try await Self.run(check + ["--write-baseline", "known.json"], in: folder)
        #expect(written.code == 0 && written.error.contains("1 finding written down"), "\(written)")
        let known = try await Self.run(
            check + ["--baseline", "known.json"], ["a.yaml": "# Moved.\n\n" + Self.cronJob], in: folder)
        #expect(known.code == 0 && known.output.hasPrefix("No new findings at 1.36."), "\(known)")
        let new = try await Self.run(
            check + ["--baseline", "known.json"], ["a.yaml": Self.cronJob + Self.budget], in: folder)
        #expect(new.code == 1 && new.output.contains("1 new finding in 1 object"), "\(new)")
        let fixed = try await Self.run(
            check + ["--baseline", "known.json"], ["a.yaml": Self.budget], in: folder)
        #expect(fixed.output.contains("no longer found"), "\(fixed)")
    }

    @Test("of a plan names its waves, its checkpoints and its way back")
    func plan() async throws {
        let folder = try Folder()
        for form in ["md", "html"] {
            let exit = try await Self.run(["report", "\(Tools.project)/plans/shop", "-o", form], [:], in: folder)
            #expect(exit.code == 0, "\(exit)")
            for words in ["shop-blue", "before-cutover-front", "The way back", "admission-webhook"] {
                #expect(exit.output.contains(words), "\(form): \(words)")
            }
        }
        let other = try await Self.run(["report", "\(Tools.project)/plans/shop", "-o", "junit"], [:], in: folder)
        #expect(other.code == 2 && other.error.contains("markdown or html"))
    }

    @Test("completes its forms in every shell", arguments: ["bash", "zsh", "fish"])
    func completion(_ shell: String) async throws {
        let exit = try await Self.run(["--generate-completion-script", shell], [:], in: try Folder())
        #expect(exit.code == 0)
        for word in ["write-baseline", "no-suppressions", "sarif", "junit", "likely"] {
            #expect(exit.output.contains(word), "\(word)")
        }
    }

    /// Debian's Chromium, where somebody installed it.
    static let chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(
        "the page works in a browser: it filters with its script and is whole without",
        .enabled(if: chromium != nil, "no chromium here; apt-get install chromium"))
    func browser() async throws {
        let folder = try Folder()
        let suppressed = Self.budget.replacing(
            "{name: web}",
            with: "{name: web, annotations: {kirikae.dev/suppress: 'api-removed until=2027-01-31 reason=later'}}")
        _ = try await Self.run(
            ["check", "a.yaml", "--to", "1.36", "--today", "2026-11-21", "-o", "html", "--out", "r.html"],
            ["a.yaml": Self.cronJob + suppressed], in: folder)
        let rows = try Regex("<tr data-order=[^>]*>")
        let marks = { (text: String) in text.matches(of: rows).map { String(text[$0.range]) } }
        // What a reader without scripts sees is the file as it is.
        let page = try String(contentsOfFile: "\(folder.path)/r.html", encoding: .utf8)
        #expect(marks(page).count == 2 && !marks(page).contains { $0.contains("hidden") })
        #expect(page.contains("role=\"search\" hidden"))
        let exit = try await Program(
            try #require(Self.chromium),
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--user-data-dir=\(folder.path)/profile", "--virtual-time-budget=5000", "--dump-dom",
                "file://\(folder.path)/r.html",
            ],
            environment: ["HOME": folder.path, "PATH": "/usr/bin:/bin"], folder: folder.path, label: "chromium"
        ).end()
        #expect(marks(exit.output).count == 2, "\(exit)")
        #expect(marks(exit.output).count { $0.contains("hidden") } == 1)
        #expect(exit.output.contains("1 of 2 shown") && !exit.output.contains("role=\"search\" hidden"))
    }
}
