public import InvSystem

/// An index as the stream of prefix rows that it was made of, for programs that read streams.
public final class IndexStream: @unchecked Sendable {
  private let index: Index
  private let tool: String
  private var pipe: Pipe?
  private var thread: Thread?
  private var failure: Failure?

  /// Opens the index at `path` for a program called `tool`.
  public init(_ path: String, tool: String) throws(Failure) {
    index = try Index(path)
    self.tool = tool
  }

  /// Starts to write the rows, and answers where they can be read; to be called once.
  public func open() throws(Failure) -> Descriptor {
    let pipe = try Pipe()
    let reader = pipe.takeReading(name: index.path)
    self.pipe = pipe
    thread = try Thread { [self] in
      do throws(Failure) {
        guard let pipe = self.pipe else { return }
        try write(to: pipe.takeWriting(name: index.path), isFile: false)
      } catch {
        // Who stops reading early does not want the rest.
        if error.teller != .brokenPipe { failure = error }
      }
    }
    return reader
  }

  /// Why there are not all rows; to be called when what was opened has been closed.
  public func close() throws(Failure) {
    thread?.join()
    thread = nil
    if let failure { throw failure }
  }

  /// Writes the rows; for a file they are compressed, and behind who made them.
  public func write(to descriptor: consuming Descriptor, isFile: Bool) throws(Failure) {
    let writer = try PrefixWriter(
      descriptor, schema: index.schema, codec: isFile ? .zstd : .none, isFile: isFile, tool: tool)
    do throws(Failure) {
      if isFile { try writer.write(try index.makers()) }
      try IndexRows.write(index, to: writer)
    } catch {
      if !isFile, error.teller != .brokenPipe { try writer.fail(error) }
      throw error
    }
  }
}
