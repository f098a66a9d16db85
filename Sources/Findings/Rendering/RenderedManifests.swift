public import Manifests

/// What a program made of a chart or a kustomization; it is examined in place of the templates and bases.
public struct RenderedManifests: Sendable {
    /// Where it comes from.
    public enum Origin: Sendable {
        case chart(ChartFolder)
        case kustomization(KustomizationFolder)

        /// The files and folders whose place the output takes.
        public var replaced: [String] {
            switch self {
            case .chart(let chart): chart.replaced
            case .kustomization(let kustomization): kustomization.replaced
            }
        }
    }

    public var origin: Origin
    /// The program as people call it, such as `helm template`.
    public var program: String
    /// What it wrote.
    public var text: [UInt8]
    /// The files and folders that need not be read themselves.
    public var replaced: [String]

    public init(_ origin: Origin, program: String, text: [UInt8]) {
        self.origin = origin
        self.program = program
        self.text = text
        replaced = origin.replaced
    }

    /// The chart's folder, or the kustomization's.
    public var folder: String {
        switch origin {
        case .chart(let chart): chart.path
        case .kustomization(let kustomization): kustomization.path
        }
    }

    /// What errors and literal finds call the text itself.
    var label: String { "\(program) \(folder)" }
}

extension Finding {
    /// Which rendered text holds the object.
    public struct Rendering: Sendable, Hashable {
        /// The program as people call it.
        public var program: String
        /// The chart's folder, or the kustomization's.
        public var folder: String
        /// The template as Helm calls it; nil where the program does not tell.
        public var source: String?
        /// The line of what the program wrote, counted from 1.
        public var line: Int

        public init(program: String, folder: String, source: String?, line: Int) {
            self.program = program
            self.folder = folder
            self.source = source
            self.line = line
        }

        /// In words, to stand behind a sentence.
        var words: String { "(line \(line) of what \(program) makes of \(folder))" }
    }
}
