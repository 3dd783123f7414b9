public import InvCLI
public import InvSource
public import InvSystem

/// Reads the manifests that operands lead to, here and on servers.
public struct ManifestReader {
  /// A manifest that has been read.
  public struct Found: Sendable {
    public let file: ManifestFile
    /// Where its data files are; nil when it lies on this machine.
    public let remote: RemoteFiles?
    /// The operand that leads to this manifest and to no other.
    public let operand: String
  }

  private let options: AccessOptions
  /// The way to servers, once an operand has needed it.
  public private(set) var access: Access?

  public init(_ options: AccessOptions) { self.options = options }

  /// What is unusual is told to `note`.
  public mutating func read(_ operand: Operand, snapshot: String?, note: (String) -> Void)
    throws(Failure) -> Found
  {
    let text = try operand.path()
    guard isRemote(text) else {
      let file = try ManifestFile(at: try localPath(text), snapshot: snapshot, note: note)
      return Found(file: file, remote: nil, operand: file.path)
    }
    let store = try RemoteStore(text, try way().remote)
    let file = try ManifestFile(at: store.path, in: store, snapshot: snapshot, note: note)
    return Found(
      file: file, remote: try RemoteFiles(of: file, in: store), operand: file.path + store.query)
  }

  private mutating func way() throws(Failure) -> Access {
    if let access { return access }
    let made = try Access(options)
    access = made
    return made
  }
}
