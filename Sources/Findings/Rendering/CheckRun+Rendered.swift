public import Manifests

extension CheckRun {
    /// Examines manifests as ``run(_:_:_:)`` does, and what programs made of charts and kustomizations among them in
    /// place of those.
    public func run(
        _ loader: ManifestLoader, _ paths: [String], rendered: [RenderedManifests],
        _ thoroughness: Thoroughness = .scanning
    ) async -> CheckResult {
        var loader = loader
        loader.replaced += rendered.flatMap(\.replaced)
        var result = await run(loader, paths, thoroughness)
        var report = LoadReport()
        var found: [Finding] = []
        for text in rendered { found += findings(in: text, thoroughness, &report) }
        result.findings += found.tellingEachPlaceOnce
        result.removeSkipped { input in
            // Whoever rendered it has fetched it.
            input.reason == .remote && rendered.contains { $0.builds(on: input.path) }
        }
        result.add(report)
        result.accounting.renderings = rendered.count
        result.putInOrder()
        return result
    }

    private func findings(
        in rendered: RenderedManifests, _ thoroughness: Thoroughness, _ report: inout LoadReport
    ) -> [Finding] {
        var reader = ManifestLoader.Reader(
            filter: thoroughness == .building ? nil : documentFilter, parsesAll: thoroughness != .scanning,
            capabilities: context.capabilities)
        let places = RenderedPlaces(rendered)
        var found: [Finding] = []
        reader.read(bytes: rendered.text, file: rendered.label) { one in
            switch one {
            case .object(let loaded):
                found += findings(in: places.subject(loaded)).map { finding in
                    places.marked(finding, at: loaded.location(of: finding.path ?? FieldPath()).line)
                }
            case .literal(let literal):
                found += findings(in: literal).map { places.moved($0) }
            }
        }
        report.append(reader.report)
        return found
    }
}

/// Where the findings in a rendered text belong.
private struct RenderedPlaces {
    private let rendered: RenderedManifests
    private let helm: HelmOrigins?
    private let kustomize: KustomizeOrigins?

    init(_ rendered: RenderedManifests) {
        self.rendered = rendered
        switch rendered.origin {
        case .chart(let chart):
            helm = HelmOrigins(chart: chart, output: rendered.text)
            kustomize = nil
        case .kustomization(let folder):
            helm = nil
            kustomize = KustomizeOrigins(folder: folder)
        }
    }

    /// An object whose fields are located where somebody wrote them.
    func subject(_ loaded: LoadedObject) -> CheckSubject {
        CheckSubject(
            loaded.object,
            locateKey: { path in
                helm?.location(of: loaded.keyLocation(of: path))
                    ?? kustomize?.location(of: path, in: loaded.object, ofKey: true)
            },
            locate: { path in
                helm?.location(of: loaded.location(of: path)) ?? kustomize?.location(of: path, in: loaded.object)
            })
    }

    /// A finding that tells which text it is of.
    func marked(_ finding: Finding, at line: Int) -> Finding {
        var finding = finding
        let rendering = Finding.Rendering(
            program: rendered.program, folder: rendered.folder, source: helm?.source(ofLine: line), line: line)
        finding.rendering = rendering
        finding.message += " \(rendering.words)"
        // The command edits files; a template is none that it could edit.
        if helm != nil || finding.location?.isWholeFile ?? true { finding.isConvertible = false }
        return finding
    }

    /// A finding in a document of which only the head could be read.
    func moved(_ finding: Finding) -> Finding {
        guard let location = finding.location else { return finding }
        var finding = marked(finding, at: location.line)
        finding.location = helm?.location(of: location) ?? SourceLocation(wholeFile: rendered.folder)
        finding.isConvertible = false
        return finding
    }
}

extension RenderedManifests {
    /// Whether a file is a kustomization that went into it.
    fileprivate func builds(on file: String) -> Bool {
        guard case .kustomization(let kustomization) = origin, let slash = file.lastIndex(of: "/") else { return false }
        return kustomization.reaches(folder: String(file[..<slash]))
    }
}

extension [Finding] {
    /// Overlays of one base hold its trouble each; it is written in one place, and mended there.
    fileprivate var tellingEachPlaceOnce: [Finding] {
        var seen: Set<[String]> = []
        return filter { finding in
            guard let location = finding.location, !location.isWholeFile else { return true }
            return seen.insert([
                finding.code, finding.fact ?? "", "\(finding.gvk)", "\(finding.object.kind)", "\(location)",
                finding.path?.description ?? "",
            ]).inserted
        }
    }
}
