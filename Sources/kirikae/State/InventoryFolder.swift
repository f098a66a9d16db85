import Findings

/// Inventories in folders, with errors as the command line shows them.
enum InventoryFolder {
    /// Reads one.
    static func read(_ path: String) throws -> Inventory {
        do { return try Inventory.read(directory: path) } catch {
            throw CommandFailure(.usage, error.description)
        }
    }
}
