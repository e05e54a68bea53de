/** Words in a text that stand for the name of somebody, by his userid. */
export interface StandIn {
  userid: string;
  text: string;
}
