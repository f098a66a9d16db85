import Catalog
public import Findings
public import Manifests
import Routing

/// Makes the plan of a migration.
///
/// Pure: no clock, no network, no files, no randomness.
public enum Planner {
    /// The plan, with what is written beside it.
    ///
    /// Every object of the inventory gets a line with a disposition and, unless it is a plain copy, a reason code; the
    /// counts add up. Throws everything that has to be mended first, all of one kind at once.
    public static func plan(_ input: PlanningInput) throws(PlanningError) -> PlannedMigration {
        try check(input)
        let objects = normalised(input)
        let versions = VersionChoice(input, objects: objects)
        let assignment = WaveAssignment(input.migration)
        let judgements = try judge(objects, input, versions: versions, assignment: assignment)

        var hazards = HazardAnswers(input, objects: judgements)
        guard hazards.open.isEmpty else {
            throw PlanningError(
                .unacknowledged, "\(hazards.open.count) hazards have to be accepted, or answered, first:",
                problems: hazards.open)
        }
        let routes = input.migration.routes
        let waves = layOut(judgements, input.migration, order: assignment.order)
        hazards.add(CrossWaveCalls.hazards(judgements, waves: waves))

        let lines = judgements.map(\.line).sorted(by: inFileOrder)
        let objectsBytes = PlanFile.objectLines(lines)
        var plan = Plan(
            name: input.migration.name, tool: input.tool, takenAt: input.blue.takenAt,
            inputs: PlanInputs(
                inventory: input.blue.digest, migration: input.migrationDigest, catalog: input.catalog.digest,
                objects: .init(
                    file: PlanFile.objectsName, count: lines.count, digest: .sha256(objectsBytes)),
                digestKey: input.digestKeyID),
            blue: identity(of: input.blue), green: input.target.identity,
            accounting: accounting(lines), hazards: hazards.sorted(),
            routes: routes.map { Route(name: $0.name, backend: $0.backend, settings: $0.settings, wave: $0.wave) },
            waves: waves, wayBack: [])
        plan.mirror = input.migration.mirror
        plan.on = input.migration.on
        plan.wayBack = WayBackTable.entries(for: plan)
        let text = WayBackText(
            plan: plan, objects: lines, blueContext: input.migration.blue.context ?? plan.blue.name,
            greenContext: input.migration.green.context ?? plan.green.name, resource: versions.resource(of:)
        ).text
        return PlannedMigration(plan: plan, objects: lines, wayBack: text)
    }

    /// How a plan names blue.
    public static func identity(of inventory: Inventory) -> ClusterIdentity {
        ClusterIdentity(
            name: inventory.cluster.name, uid: inventory.cluster.uid, version: inventory.cluster.version,
            apis: apisDigest(inventory.apis))
    }

    /// The digest of what a cluster serves; nil when it is not known.
    public static func apisDigest(_ groupVersions: [String]) -> Digest? {
        groupVersions.isEmpty ? nil : Digest(of: .array(groupVersions.sorted().map(JSONValue.string)))
    }

    private static func check(_ input: PlanningInput) throws(PlanningError) {
        let complaints = MigrationCheck.complaints(about: input.migration)
        guard complaints.isEmpty else {
            throw PlanningError(
                .migration, "the migration cannot be used:",
                problems: complaints.map { .init(message: "\($0.path): \($0.message)", remedy: $0.remedy) })
        }
        let blue = input.blue.cluster
        let green = input.target.identity
        var problems: [PlanningError.Problem] = []
        if let uid = blue.uid, uid == green.uid {
            problems.append(
                .init(
                    message: "blue and green are the same cluster (kube-system has the UID \(uid) in both)",
                    remedy: "Check the contexts in the migration file."))
        }
        if green.version < blue.version {
            problems.append(
                .init(
                    message: "green (\(green.version)) is older than blue (\(blue.version))",
                    remedy: "Check whether the two are swapped."))
        }
        if green.version != input.migration.green.version {
            problems.append(
                .init(
                    message: "green runs \(green.version), the migration file says \(input.migration.green.version)",
                    remedy: "Correct green.version, or the context."))
        }
        guard problems.isEmpty else { throw PlanningError(.clusters, "these clusters do not fit:", problems: problems) }
        let secrets = input.blue.objects.map(\.object).filter {
            $0.gvk.groupKind == .core("Secret") && $0[annotation: SecretRedaction.annotation] == nil
        }
        guard input.digestKey != nil || secrets.isEmpty else {
            throw PlanningError(
                .digestKey,
                "the inventory holds \(secrets.count) Secrets in clear and there is no key for their digests:",
                problems: [
                    .init(
                        object: secrets.first?.reference,
                        message: "a plain digest of a short password could be guessed",
                        remedy: "Give a digest key, or take the inventory again without asking for Secrets.")
                ])
        }
    }

    /// The objects in a fixed order.
    ///
    /// A namespaced one in a manifest that names no namespace is in `default`, as kubectl would have it.
    private static func normalised(_ input: PlanningInput) -> [KubeObject] {
        let scope = VersionChoice(input, objects: input.blue.objects.map(\.object))
        return input.blue.objects.map { entry in
            var object = entry.object
            if object.namespace == nil, scope.isNamespaced(object.gvk.groupKind) == true {
                object.namespace = "default"
            }
            // Files hold what no cluster does: generateName, or no API object at all. It still gets a line of its own.
            if object.name.isEmpty { object.name = Unnamed.prefix + Digest(of: object.json).short }
            return (reference: object.reference, bytes: object.json.canonicalBytes, object: object)
        }
        .sorted { first, second in
            first.reference != second.reference
                ? first.reference < second.reference : first.bytes.lexicographicallyPrecedes(second.bytes)
        }
        .map(\.object)
    }

    private static func judge(
        _ objects: [KubeObject], _ input: PlanningInput, versions: VersionChoice, assignment: WaveAssignment
    ) throws(PlanningError) -> [Judgement] {
        let judge = ObjectJudge(input, versions: versions, objects: objects)
        var troubles = PlanningTroubles(migration: input.migration)
        var taken: Set<ObjectReference> = []
        var judgements: [Judgement] = []
        for object in objects {
            switch judge.judge(object) {
            case .success(var judgement):
                if judgement.line.disposition != .skip {
                    // Files may hold an object twice, and two groups may serve one resource.
                    guard taken.insert(judgement.line.greenReference).inserted else {
                        judgements.append(judge.duplicate(object))
                        continue
                    }
                    judgement.line.wave = assignment.wave(of: object, phase: judgement.phase)
                    if judgement.line.wave == nil { troubles.unassigned(object) }
                }
                judgements.append(judgement)
            case .failure(let obstacle):
                troubles.add(obstacle, object, location: input.blue[object.reference]?.location)
            }
        }
        troubles.checkNamespaces(judgements, existing: input.target.existing)
        try troubles.throwIfAny()
        return judgements
    }

    private static func layOut(_ judgements: [Judgement], _ migration: Migration, order: [String]) -> [Wave] {
        var waves: [Wave] = []
        for name in order {
            let written = migration.waves.first { $0.name == name }
            let source = written ?? MigrationWave(name: name, namespaces: [])
            let members = judgements.filter { $0.line.wave == name && $0.isApplied }
            let dependsOn =
                name == Migration.platformWave
                ? [] : [Migration.platformWave] + source.dependsOn.filter { $0 != Migration.platformWave }.sorted()
            var steps = WaveSteps(
                wave: source, objects: members, routes: migration.routes.filter { $0.wave == name },
                timeout: migration.readyTimeout, floors: BlueFloor.changes(for: members))
            let previous = waves.filter { dependsOn.contains($0.name) }.compactMap { $0.steps.last?.id }
            let namespaces = Set(source.namespaces + members.compactMap { $0.source.namespace }).sorted()
            waves.append(
                Wave(name: name, namespaces: namespaces, dependsOn: dependsOn, steps: steps.build(after: previous)))
        }
        return waves
    }

    private static func accounting(_ lines: [PlannedObject]) -> Accounting {
        var accounting = Accounting(read: lines.count, copied: 0, converted: 0, held: 0, skipped: [:])
        for line in lines {
            switch line.disposition {
            case .copy: accounting.copied += 1
            case .convert: accounting.converted += 1
            case .hold: accounting.held += 1
            case .skip: accounting.skipped[line.reason, default: 0] += 1
            }
        }
        return accounting
    }

    private static func inFileOrder(_ first: PlannedObject, _ second: PlannedObject) -> Bool {
        if first.object != second.object { return first.object < second.object }
        // The one that is carried out comes first.
        let ranks = (first.disposition == .skip ? 1 : 0, second.disposition == .skip ? 1 : 0)
        return (ranks.0, first.readAs, first.source.description) < (ranks.1, second.readAs, second.source.description)
    }
}
