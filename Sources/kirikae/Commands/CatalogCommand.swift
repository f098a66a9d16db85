import ArgumentParser
import Catalog
import FoundationEssentials
import KubeAPI
import Manifests

/// `kirikae catalog`.
struct CatalogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog",
        abstract: "Look into what kirikae knows of Kubernetes' APIs, and bring it up to a new release.",
        subcommands: [Show.self, Search.self, Explain.self, Import.self])

    /// `kirikae catalog show`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the APIs of a release, or what a release brought, deprecated or took away.")

        @Option(help: ArgumentHelp("What a server of that minor serves by default.", valueName: "version"))
        var at: KubernetesVersionArgument?

        @Option(help: ArgumentHelp("What that minor took away.", valueName: "version"))
        var removedIn: KubernetesVersionArgument?

        @Option(help: ArgumentHelp("What that minor began to call deprecated.", valueName: "version"))
        var deprecatedIn: KubernetesVersionArgument?

        @Option(help: ArgumentHelp("What that minor brought.", valueName: "version"))
        var introducedIn: KubernetesVersionArgument?

        @OptionGroup var overlays: CatalogOverlayOptions
        @OptionGroup var format: OutputOptions

        func run() throws {
            let catalog = try overlays.combined()
            var entries = catalog.lifecycles
            var heading: [String] = []
            if let version = removedIn?.version {
                entries = entries.filter { $0.endOfService == version }
                heading.append("removed in \(version)")
            }
            if let version = deprecatedIn?.version {
                entries = entries.filter { ($0.deprecated ?? $0.plannedDeprecation) == version }
                heading.append("deprecated in \(version)")
            }
            if let version = introducedIn?.version {
                entries = entries.filter { $0.introduced == version }
                heading.append("introduced in \(version)")
            }
            let release = at?.version ?? (heading.isEmpty ? catalog.newest : nil)
            if let release {
                entries = entries.filter { $0.isServed(at: release) }
                heading.append("served at \(release)")
            }
            let console = Console()
            switch format.output {
            case .json: console.result(CatalogJSON.list(entries, catalog: catalog).indentedText)
            case .text:
                let title = heading.joined(separator: ", ")
                console.result(
                    entries.isEmpty ? "Nothing \(title)." : CatalogText.table(entries, title: title, catalog: catalog))
            }
        }
    }

    /// `kirikae catalog search`.
    struct Search: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find a word in kinds, resources, groups and replacements.")

        @Argument(help: "The word.")
        var word: String

        @OptionGroup var overlays: CatalogOverlayOptions
        @OptionGroup var format: OutputOptions

        func run() throws {
            let catalog = try overlays.combined()
            let found = CatalogFinding(mentioning: word, in: catalog)
            let console = Console()
            switch format.output {
            case .json: console.result(CatalogJSON.json(found, catalog: catalog, explaining: false).indentedText)
            case .text:
                console.result(
                    found.isEmpty ? "Nothing mentions \"\(word)\"." : CatalogText.found(found, catalog: catalog))
            }
            if found.isEmpty { throw ExitStatus.notAsWanted.exitCode }
        }
    }

    /// `kirikae catalog explain`.
    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell the life of a kind, release by release, and where each fact is known from.",
            discussion: """
                NAME is a kind (Ingress), a resource (ingresses, ingresses.extensions), a kind at a version \
                (batch/v1beta1 CronJob), a group or version (policy, policy/v1beta1), or what a finding names as its \
                fact.
                """)

        @Argument(help: ArgumentHelp("What to explain.", valueName: "name"))
        var words: [String]

        @OptionGroup var overlays: CatalogOverlayOptions
        @OptionGroup var format: OutputOptions

        func run() throws {
            let catalog = try overlays.combined()
            let name = words.joined(separator: " ")
            let found = CatalogFinding(named: name, in: catalog)
            guard !found.isEmpty else {
                throw CommandFailure(
                    .notAsWanted, "the catalog knows nothing called \"\(name)\"",
                    next: "kirikae catalog search \(words.last ?? name)\n"
                        + "Custom resources of one's own are known to nobody else: --catalog FILE adds them.")
            }
            let console = Console()
            switch format.output {
            case .json: console.result(CatalogJSON.json(found, catalog: catalog, explaining: true).indentedText)
            case .text: console.result(CatalogText.explain(found, catalog: catalog))
            }
        }
    }

    /// `kirikae catalog import`.
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make catalog entries of a new release's OpenAPI, or of what a live server serves.",
            discussion: """
                Writes an overlay for --catalog: what is new, and what is gone, against what the catalog knows. Read it \
                before you trust it: an OpenAPI shows every API, also those that are off by default, and says nothing of \
                deprecations; a server shows what is on there.
                """)

        @Option(
            name: .customLong("openapi"),
            help: ArgumentHelp(
                "swagger.json, or a document of OpenAPI v3; several are taken together.", valueName: "file"))
        var openAPI: [String] = []

        @Option(
            help: ArgumentHelp(
                "The minor version it is of, where the document does not say it.", valueName: "version"))
        var release: KubernetesVersionArgument?

        @Option(help: ArgumentHelp("Write the overlay to this file.", valueName: "file"))
        var out: String?

        @OptionGroup var overlays: CatalogOverlayOptions
        @OptionGroup var cluster: ClusterOptions
        @OptionGroup var format: OutputOptions

        func run() async throws {
            let catalog = try overlays.combined()
            let imported: CatalogImport
            if openAPI.isEmpty {
                guard cluster.context != nil else {
                    throw CommandFailure(
                        .usage, "nothing to import",
                        next: "kirikae catalog import --openapi swagger.json\n"
                            + "or from a server: kirikae catalog import --context NAME")
                }
                imported = try await fromServer(catalog)
            } else {
                imported = try fromFiles(catalog)
            }
            let console = Console()
            if let out {
                do { try Data(imported.overlay.yaml.utf8).write(to: URL(filePath: out), options: .atomic) } catch {
                    throw CommandFailure(.usage, "cannot write \(out)")
                }
            }
            switch format.output {
            case .json: console.result(CatalogJSON.json(imported).indentedText)
            case .text:
                console.message(CatalogText.changes(imported, catalog: catalog))
                if out == nil { console.result(imported.overlay.yaml) }
            }
        }

        private func fromFiles(_ catalog: Catalog) throws -> CatalogImport {
            var kinds: [ServedKind] = []
            var version = release?.version
            for file in openAPI {
                let bytes: [UInt8]
                do { bytes = Array(try Data(contentsOf: URL(filePath: file))) } catch {
                    throw CommandFailure(.usage, "cannot read \(file)")
                }
                let document: JSONValue
                do { document = try JSONValue(parsing: bytes) } catch {
                    throw CommandFailure(.usage, "\(file): \(error)")
                }
                guard let read = OpenAPIKinds(document) else {
                    throw CommandFailure(
                        .usage, "\(file) is no OpenAPI document of Kubernetes: it has no paths with marked operations",
                        next: "kubectl get --raw /openapi/v2 > swagger.json makes one.")
                }
                kinds += read.kinds
                guard release == nil, let stated = read.version else { continue }
                if let version, version != stated {
                    throw CommandFailure(.usage, "\(file) is of \(stated), the one before of \(version)")
                }
                version = stated
            }
            guard let version else {
                throw CommandFailure(
                    .usage, "\(openAPI[0]) does not say which release it is of", next: "Add --release 1.38")
            }
            return CatalogImport(
                kinds, version: version, source: .openAPI(openAPI.joined(separator: ", ")), catalog: catalog)
        }

        private func fromServer(_ catalog: Catalog) async throws -> CatalogImport {
            let access = try ClusterAccess.open(cluster.context, options: cluster)
            let name = access.connection.context
            do {
                let version = try await access.client.serverVersion().version
                let discovery = try await access.client.discover()
                // What CRDs and aggregated servers bring is not Kubernetes' own.
                var foreign: Set<String> = []
                let definition = GroupKind(group: "apiextensions.k8s.io", kind: "CustomResourceDefinition")
                if let definitions = discovery.resources(for: definition).first {
                    for object in try await access.client.listAll(definitions).items {
                        if let group = object["spec.group"]?.string { foreign.insert(group) }
                    }
                }
                let registration = GroupKind(group: "apiregistration.k8s.io", kind: "APIService")
                if let services = discovery.resources(for: registration).first {
                    for object in try await access.client.listAll(services).items
                    where object["spec.service"]?.object != nil {
                        if let group = object["spec.group"]?.string { foreign.insert(group) }
                    }
                }
                let kinds = discovery.resources.filter { !foreign.contains($0.gvk.group) }.map {
                    ServedKind(gvk: $0.gvk, resource: $0.plural, namespaced: $0.namespaced)
                }
                return CatalogImport(
                    kinds, version: release?.version ?? version, source: .server(name), catalog: catalog)
            } catch {
                throw ClusterAccess.failure(error, name)
            }
        }
    }
}
