import ArgumentParser

/// Where a run is mirrored, when the plan does not say or says it wrongly.
struct MirrorOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Mirror the run's journal and before-images here, sealed: a folder, or secret:CONTEXT/NAMESPACE. "
                + "The plan's mirror otherwise.", valueName: "store"))
    var mirror: String?
}
