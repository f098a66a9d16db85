import Planning

extension PlanDocument {
    /// The files that a mirror held, verified in the same way; `place` is for messages.
    public static func read(_ files: PlanFiles, from place: String) throws -> PlanDocument {
        let contents = try PlanFile.read(
            plan: files.files[PlanFile.planName] ?? [], objects: files.files[PlanFile.objectsName] ?? [],
            folder: place)
        return PlanDocument(
            plan: contents.plan, objects: contents.objects, digest: contents.digest, files: files)
    }

    /// A plan's folder, verified as ``PlanFile`` does.
    public static func read(_ folder: String) throws -> PlanDocument {
        let contents = try PlanFile.read(folder)
        var files: [String: [UInt8]] = [:]
        for name in [PlanFile.planName, PlanFile.objectsName] {
            files[name] = try PosixFile.read("\(folder)/\(name)")
        }
        let wayBack = "\(folder)/\(PlanFile.wayBackName)"
        if PosixFile.exists(wayBack) { files[PlanFile.wayBackName] = try PosixFile.read(wayBack) }
        return PlanDocument(
            plan: contents.plan, objects: contents.objects, digest: contents.digest, files: PlanFiles(files))
    }
}
