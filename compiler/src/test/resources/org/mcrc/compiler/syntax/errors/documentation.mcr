/// Belongs to the descriptor.
descriptor documentation
param a = 3 + /// Belongs to nothing.
  4
//// An ordinary comment.
/// Belongs to nothing either.
