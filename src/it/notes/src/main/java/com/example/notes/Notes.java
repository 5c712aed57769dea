package com.example.notes;

import dev.partywall.Partywall;

class Notes {
  public static void main(String[] args) {
    Partywall.run(args, NoteRoutes::of);
  }
}
