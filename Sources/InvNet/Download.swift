public import InvDigest
public import InvSystem

/// A file that is to be fetched from a server.
public struct Download: Sendable {
  /// What its owner knows it by.
  public let number: Int
  /// Where it may lie; the first that is there is taken.
  public let places: [RemotePlace]
  /// How many bytes it must have.
  public let size: UInt64
  /// What its bytes must come to; nil where nobody knows.
  public let digest: MD5.Digest?
  /// The file it is written to, which must not exist; it is a temporary until its owner says otherwise.
  public let path: String

  public init(
    number: Int, places: [RemotePlace], size: UInt64, digest: MD5.Digest?, path: String
  ) {
    self.number = number
    self.places = places
    self.size = size
    self.digest = digest
    self.path = path
  }
}

/// A file that has been fetched whole and verified, open for reading.
public final class DownloadedFile: Sendable {
  public let number: Int
  public let path: String
  /// Where it was found.
  public let place: RemotePlace
  public let descriptor: Descriptor

  init(number: Int, path: String, place: RemotePlace, descriptor: consuming Descriptor) {
    self.number = number
    self.path = path
    self.place = place
    self.descriptor = descriptor
  }
}
