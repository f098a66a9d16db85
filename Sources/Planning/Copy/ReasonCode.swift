/// The codes that say why an object is not simply copied.
///
/// They are part of the plan's format: reports count by them.
///
/// Codes of single rules stand with their rule; here are those that other rooms ask for.
public enum ReasonCode {
    /// Sleeps on green until its wave wakes it.
    public static let standby = "standby"
    /// Slept on blue already and is never woken by us.
    public static let asleepOnPurpose = "asleep-on-purpose"
    /// Sleeps on green and stays asleep because the migration file says so.
    public static let asleepByDecision = "asleep-by-decision"
    /// Applied over what green may have of its own accord.
    public static let merge = "merge"
    /// Acts outside the cluster; applied behind the wave's gate.
    public static let sideEffect = "side-effect"
    /// Acts by itself as soon as it exists; applied behind the wave's gate.
    public static let actsByItself = "acts-by-itself"
    /// A decision of the migration file.
    public static let byDecision = "by-decision"
    /// Read twice under the same name.
    public static let duplicate = "duplicate"
    /// Stands on green already with the same content.
    public static let alreadyOnGreen = "already-on-green"
    /// Blue and green serve no version of it in common, so that a rule of our own rewrites it; `changes` names the two
    /// versions.
    public static let noCommonVersion = "no-common-version"
    /// Read at a version that green does not serve, although blue serves one that green does: files and old
    /// inventories hold what was read; take the inventory with `--to` and blue's API server converts it.
    public static let readAtOldVersion = "read-at-old-version"
    /// An autoscaler, which rests while its target is at 0.
    public static let inertUntilWoken = "inert-until-woken"
    /// A DaemonSet, which cannot sleep: it runs on green's nodes as soon as it is applied.
    public static let actsAtOnce = "acts-at-once"
}
