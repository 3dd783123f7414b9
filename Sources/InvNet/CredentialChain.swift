public import InvSystem

/// Credentials found in the order of the AWS tools, kept, and fetched anew before they end.
public final class CredentialChain: CredentialSource, @unchecked Sendable {
  private struct Held {
    var place: CredentialPlace
    var credentials: Credentials
    /// From when on others are looked for; nil for those that do not end.
    var due: Int64?
  }

  private let finder: CredentialFinder
  private let monitor = Monitor()
  private var held: Held?

  public convenience init(_ settings: AccessSettings, over transport: any HTTPTransport) {
    self.init(CredentialFinder(settings: settings, transport: transport))
  }

  init(_ finder: CredentialFinder) { self.finder = finder }

  /// Credentials that have not ended at `now`, in seconds since 1970.
  public func current(at now: Int64) throws(Failure) -> Credentials {
    try monitor.withLock { () throws(Failure) in
      guard let held else {
        let (place, credentials) = try finder.find(at: now)
        return hold(credentials, of: place, at: now)
      }
      guard let due = held.due, now >= due else { return held.credentials }
      do throws(Failure) {
        return hold(try renewed(held, at: now), of: held.place, at: now)
      } catch {
        // Those that are there will do for as long as they last.
        guard let expires = held.credentials.expires, now < expires else { throw error }
        self.held?.due = min(now + 30, expires)
        return held.credentials
      }
    }
  }

  /// Fetches others than `old`, which a server says have ended; false when their place has no others.
  public func refresh(replacing old: Credentials, at now: Int64) throws(Failure) -> Bool {
    try monitor.withLock { () throws(Failure) in
      guard let held else { return true }
      if held.credentials != old { return true }
      guard held.place.isRenewable else { return false }
      let credentials = try renewed(held, at: now)
      _ = hold(credentials, of: held.place, at: now)
      return credentials.accessKey != old.accessKey || credentials.sessionToken != old.sessionToken
    }
  }

  private func renewed(_ held: Held, at now: Int64) throws(Failure) -> Credentials {
    guard held.place.isRenewable else { throw finder.ended(held.credentials, held.place) }
    guard let credentials = try finder.fetch(held.place, at: now) else {
      throw Failure("\(finder.name(held.place)) has no credentials any more", .again)
    }
    return credentials
  }

  private func hold(_ credentials: Credentials, of place: CredentialPlace, at now: Int64)
    -> Credentials
  {
    var due: Int64?
    if let expires = credentials.expires {
      // A quarter of an hour before the end, or the last quarter of those that are for less than an hour.
      due = place.isRenewable ? expires - min(900, (expires - now) / 4) : expires
    }
    held = Held(place: place, credentials: credentials, due: due)
    return credentials
  }
}
