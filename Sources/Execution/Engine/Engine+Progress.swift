import Planning

extension Engine {
    /// How far the run is, for people.
    public func progress(current: OperationID?) -> RunProgress {
        let known = current.flatMap { operation($0) }
        guard let rollback = state.rollback else {
            // At the end of a way back there is no next operation to name.
            switch state.phase {
            case .paused, .rolledBack:
                return RunProgress(
                    total: operations.count, done: min(cursor, operations.count), wave: nil, step: nil,
                    isRollingBack: false)
            default: break
            }
            let place = operations.indices.contains(cursor) ? operations[cursor] : operations.last
            return RunProgress(
                total: operations.count, done: min(cursor, operations.count), wave: (known ?? place)?.wave,
                step: (known ?? place)?.step.title, isRollingBack: false)
        }
        let place = known ?? (undoQueue.indices.contains(undoCursor) ? undoQueue[undoCursor] : nil)
        return RunProgress(
            total: undoQueue.count, done: min(undoCursor, undoQueue.count), wave: place?.wave,
            step: place?.step.title ?? rollback.target.description, isRollingBack: true)
    }
}
