import ArgumentParser
import Conversion
import Findings
import FoundationEssentials
import KubeAPI
import Manifests

/// Options of `kirikae convert` about Helm's stored releases.
struct HelmConversionOptions: ParsableArguments {
    @Flag(help: "Rewrite the releases that Helm stored in the cluster of --context, so that its next upgrade works.")
    var helmReleases = false

    @Option(name: .shortAndLong, help: ArgumentHelp("Only this namespace; all otherwise.", valueName: "name"))
    var namespace: String?

    @Flag(help: "Rewrite old revisions too, which only `helm rollback` reads.")
    var allRevisions = false

    @Option(
        help: ArgumentHelp(
            "Where to keep the releases as they were; helm-releases-CONTEXT.backup.json otherwise.", valueName: "file"))
    var backup: String?

    @Option(help: ArgumentHelp("Put the releases of this backup back.", valueName: "file"))
    var undo: String?

    @Flag(name: [.customShort("y"), .long], help: "Do not ask before writing into the cluster.")
    var yes = false
}

/// Rewrites Helm releases in a cluster, or puts them back.
struct HelmConversionRun {
    let options: HelmConversionOptions
    let cluster: ClusterOptions

    /// Converts what is stored; only with `write` and a yes anything is changed.
    func convert(with conversion: ManifestConversion, mode: ConvertCommand.Mode, colour: Bool) async throws {
        let access = try open()
        let console = Console()
        let (rewrites, problems) = try await rewrites(access, conversion)
        for rewrite in rewrites {
            for part in rewrite.parts {
                if mode != .check { console.result(ConversionText.diff(part, colour: colour)) }
                for object in part.conversion.converted {
                    for note in object.notes {
                        console.message("\(note.location): note: \(object.object): \(note.text)")
                    }
                }
            }
            for left in rewrite.left {
                console.message("\(left.location): left alone (\(left.code)): \(left.object): \(left.message)")
                console.message("    \(left.remedy)")
            }
        }
        for problem in problems { console.message(problem) }
        let changing = rewrites.filter { !$0.parts.isEmpty }
        console.message(
            "\(changing.count) stored releases of \(access.connection.context) "
                + (mode == .write ? "to rewrite" : "would change"))
        if mode == .write, !changing.isEmpty { try await write(changing, access) }
        if rewrites.contains(where: { !$0.left.isEmpty }) { throw ExitStatus.leftToPerson.exitCode }
        if !problems.isEmpty { throw ExitStatus.notEverythingRead.exitCode }
        if mode == .check, !changing.isEmpty { throw ExitStatus.notAsWanted.exitCode }
    }

    /// Puts back what a backup holds, where it is still what was written.
    func undo(_ path: String) async throws {
        let backup = try HelmBackup.read(path)
        let access = try open()
        let console = Console()
        do {
            let uid = try await access.client.clusterUID()
            guard uid == backup.cluster else {
                throw CommandFailure(
                    .usage, "\(path) was taken from another cluster (kube-system \(backup.cluster), here \(uid))")
            }
            try confirm("Put \(backup.entries.count) Helm releases back", access)
            let resources = try await resources(access)
            var refused = 0
            for entry in backup.entries {
                let original = entry.original
                guard let resource = resources[original.gvk.kind],
                    let current = try await access.client.getIfPresent(
                        resource, namespace: original.namespace, name: original.name)
                else {
                    console.message("\(original.reference): gone since; left alone")
                    refused += 1
                    continue
                }
                if HelmBackup.digest(of: current) == HelmBackup.digest(of: original) { continue }
                guard HelmBackup.digest(of: current) == entry.written else {
                    console.message("\(original.reference): changed by somebody since; left alone")
                    refused += 1
                    continue
                }
                var back = current
                back["data.release"] = original["data.release"]
                _ = try await access.client.replace(back, as: resource)
                console.result("\(original.reference) is as it was")
            }
            if refused > 0 { throw ExitStatus.leftToPerson.exitCode }
        } catch let error as KubeError {
            throw ClusterAccess.failure(error, access.connection.context)
        }
    }

    private func open() throws -> ClusterAccess {
        guard cluster.context != nil else {
            throw CommandFailure(
                .usage, "which cluster?", next: "kirikae convert --helm-releases --context NAME --to 1.36")
        }
        return try ClusterAccess.open(cluster.context, options: cluster)
    }

    private func resources(_ access: ClusterAccess) async throws(KubeError) -> [String: APIResource] {
        let discovery = try await access.client.discover()
        var found: [String: APIResource] = [:]
        for kind in ["Secret", "ConfigMap"] {
            found[kind] = discovery.resource(for: GroupVersionKind(group: "", version: "v1", kind: kind))
        }
        return found
    }

    private func rewrites(
        _ access: ClusterAccess, _ conversion: ManifestConversion
    ) async throws -> ([HelmReleaseRewrite], [String]) {
        do {
            let discovery = try await access.client.discover()
            var objects: [KubeObject] = []
            for (_, resource) in try await resources(access).sorted(by: { $0.key < $1.key }) {
                objects += try await access.client.listAll(
                    resource, namespace: options.namespace, options: ListOptions(labelSelector: "owner=helm")
                ).items
            }
            if !options.allRevisions { objects = HelmReleaseRewrite.inUse(objects) }
            var rewrites: [HelmReleaseRewrite] = []
            var problems: [String] = []
            for object in objects.sorted(by: { $0.reference < $1.reference }) {
                do {
                    let rewrite = try HelmReleaseRewrite(object, with: conversion) {
                        discovery.resource(for: $0) != nil
                    }
                    if let rewrite { rewrites.append(rewrite) }
                } catch {
                    problems.append(error.message)
                }
            }
            return (rewrites, problems)
        } catch {
            throw ClusterAccess.failure(error, access.connection.context)
        }
    }

    private func write(_ rewrites: [HelmReleaseRewrite], _ access: ClusterAccess) async throws {
        let context = access.connection.context
        let name = String(context.map { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "." ? $0 : "-" })
        let path = options.backup ?? "helm-releases-\(name).backup.json"
        let console = Console()
        do {
            let uid = try await access.client.clusterUID()
            try confirm("Rewrite \(rewrites.count) Helm releases (kept in \(path) as they are)", access)
            // The backup is on disk before the first request.
            try HelmBackup(
                cluster: uid,
                entries: rewrites.map { .init(original: $0.original, written: HelmBackup.digest(of: $0.rewritten)) }
            ).write(to: path)
            let resources = try await resources(access)
            var conflicts = 0
            for rewrite in rewrites {
                guard let resource = resources[rewrite.original.gvk.kind] else { continue }
                do {
                    // The resourceVersion that was read is the precondition.
                    _ = try await access.client.replace(rewrite.rewritten, as: resource)
                    console.result("\(rewrite.original.reference) rewritten")
                } catch {
                    guard error.code == .conflict else { throw error }
                    console.message("\(rewrite.original.reference): changed meanwhile; left alone, run again")
                    conflicts += 1
                }
            }
            console.message("To take it back: kirikae convert --undo \(path) --context \(context)")
            if conflicts > 0 { throw ExitStatus.leftToPerson.exitCode }
        } catch let error as KubeError {
            throw ClusterAccess.failure(error, context)
        }
    }

    private func confirm(_ what: String, _ access: ClusterAccess) throws {
        let console = Console()
        console.message("\(what) in \(access.connection.context) (\(access.connection.server))")
        if options.yes { return }
        guard console.interactive else {
            throw CommandFailure(
                .usage, "nobody can be asked: standard error is no terminal",
                next: "Add --yes once you have read the diff.")
        }
        console.raw("Type the context's name (\(access.connection.context)) to go on: ")
        guard ProcessSignals.whileAsking({ readLine() }) == access.connection.context else {
            throw CommandFailure(.usage, "not confirmed; nothing was changed")
        }
    }
}
