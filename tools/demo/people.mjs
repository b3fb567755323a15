/**
 * people.mjs: the people and firms who call, and where they live.
 *
 * Names are made up, of the origins one meets in Atlanta and in Chicago. Streets
 * are invented, towns and ZIP codes exist. Every telephone number comes from a
 * range kept for fiction (555-0100 to 555-0199 in North America, and the
 * regulators' own ranges elsewhere); every e-mail address is under example.com,
 * .net or .org.
 */

export const ATLANTA_NAMES = `
Priya Raman|Marcus Delgado|Denise Walker|Amina Yusuf|Grace Okafor|Luis Paredes
Tomás Herrera|Elena Petrova|Robert Kim|Keisha Montgomery|Walter Pruitt|Hyun-woo Park
Soo-jin Choi|Thuy Nguyen|Linh Tran|Quang Pham|Mei-Ling Chen|Jianwei Zhou
Yuki Nakamura|Rajesh Patel|Bhavna Patel|Anjali Deshmukh|Vikram Reddy|Sunita Iyer
Imran Qureshi|Farah Siddiqui|Zainab Hassan|Abdi Warsame|Fadumo Ali|Selam Tesfaye
Dawit Haile|Meron Bekele|Chidi Eze|Ngozi Adeyemi|Tunde Balogun|Kwame Asante
Abena Mensah|Fatou Diallo|Ousmane Traoré|Jean-Baptiste Kouassi|Marie-Ange Désir|Widline Joseph
Tyrone Jeffries|Latoya Simmons|DeShawn Carter|Monique Baptiste|Jamal Whitfield|Ebony Harris
Darnell Hightower|Shanice Owens|Reginald Tate|Yolanda Cheatham|Otis Langford|Vernell Gaines
Billy Ray Huckaby|Sue Ellen Tatum|Jimmy Ledbetter|Donna Kay Purvis|Harold Stubblefield|Mary Beth Cagle
Wade Thigpen|Lorraine McElroy|Carl Yarbrough|Peggy Ann Rainwater|Travis Holcomb|Jolene Satterfield
Ashley Brantley|Megan O’Connell|Connor Gallagher|Siobhan Doyle|Hannah Lindqvist|Erik Sorensen
Anneliese Vogel|Stefan Baumgartner|Giulia Romano|Vincent Castellano|Nikos Papadakis|Eleni Stavrou
Dmitri Volkov|Oksana Melnyk|Andriy Kovalenko|Tamar Beridze|Ara Hovsepian|Nazanin Farahani
Kaveh Tehrani|Leila Haddad|Omar Khalil|Yasmin Darwish|Moshe Feldman|Rivka Stein
Carmen Villanueva|José Luis Ortega|Guadalupe Rentería|Alejandra Muñoz|Ricardo Fuentes|Xiomara Peña
Héctor Quiñones|Marisol Santiago|Wilson Cardona|Beatriz Oliveira|Thiago Ferreira|Rosângela Lima
Dwayne Campbell|Marcia Fenton-Blake|Winston Grant|Desmond Pierre|Cheryl Ann Ramkissoon|Noah Goldberg
Emily Carrington|Tyler Buchanan|Madison Prewitt|Caleb Winslow|Abigail Stokes|Ethan Marchetti
Sophia Lindgren|Logan Hargrove|Chloe Ferris|Ruth Ann Dillard|Eugene Blackmon|Dolores Finch
Gwendolyn Mabry|Clarence Oglesby|Pastor Emmanuel Boateng|Dr. Padma Krishnan|Nam Hoang|Lakshmi Subramanian
Constance Overby|Mitchell Vaughn|Rhonda Kay Sizemore|Terrell Gadsden|Ifeoma Nwosu|Yared Tadesse
Hye-rin Kang|Manoj Kulkarni|Shabnam Rahimi|Bożena Wilk|Gustavo Almeida|Delphine Rousseau
Clint Maddox|Roberta Pace|Evelyn Threadgill|Marcus Bell|Sandra Okonkwo|Phil Abernathy
Noreen McTavish|Lonnie Crenshaw|Jerilyn Goss|Anders Holm|Renee Duplessis|Hasan Demir
Judith Amsel|Barrett Coley|Ximena Rojas|Paul Nakagawa|Dottie Faircloth|Ravi Menon
`
  .trim()
  .split(/[|\n]/);

export const CHICAGO_NAMES = `
Agnieszka Nowak|Marek Zieliński|Krystyna Dudek|Stan Jablonski|Barb Przybylski|Kasia Lewandowska
Eddie Kowalczyk|Jadwiga Mazur|Rimas Petrauskas|Daiva Kazlauskas|Bohdan Shevchenko|Larysa Hrynko
Patrick Mulcahy|Maureen Fitzgerald|Brendan O’Shea|Colleen Hanrahan|Tim Gilhooly|Nora Keane
Sal Provenzano|Angela DiFranco|Rocco Bellini|Tina Marchesi|George Pappas|Voula Karras
Kostas Dimitriou|Ninos Yonan|Shamiram David|Samir Odeh|Rania Mansour|Hussein Al-Jabiri
Maria Guadalupe Cervantes|Javier Zamora|Esperanza Ibarra|Rogelio Arreola|Leticia Bahena|Chuy Maldonado
Yesenia Corral|Ignacio Villalobos|Wanda Figueroa|Ángel Maldonado-Rivera|Migdalia Rosado|Iris Colón
Latrice Pettway|Demetrius Coleman|Yvonne Braxton|Marvin Sykes|Tamika Rollins|Cedric Mayfield
Earline Hobbs|Lamont Jeffers|Patrice Goodwin|Alonzo Bright|Shirley Mae Tolliver|Kenyatta Weems
Harpreet Gill|Simran Dhillon|Arun Venkatesan|Deepa Nair|Mohammed Rafiq|Nusrat Jahan
Ana Liza Bautista|Renato Magsaysay|Cora Villaruz|Jin-ho Lim|Eun-ji Seo|Wei Zhang
Xiaoling Huang|Batbayar Ganbold|Tenzin Dolma|Chinedu Obi|Folake Adebayo|Selma Hadžić
Emir Begović|Ljiljana Petrović|Dragan Stojanović|Ioana Popescu|Mihai Ionescu|Sanja Kovač
Doug Swanson|Kristin Halvorsen|Gunnar Lindahl|Heidi Schumacher|Kurt Oberlander|Trudy Bachmann
Josh Rubenstein|Miriam Katz|Ari Lowenthal|Becca Weinstein|Jake Novotny|Lindsay Tomczak
Lucille Marchetti|Andre Toussaint|Fern Abramowitz|Ciaran Dunne|Zofia Kaminska|Ruben Escalante
Denise Wozniak|Percy Hollins|Ingrid Solberg|Aleksander Baran|Charlene Tubbs|Moses Adeleke
Vera Sokolova|Gail Pfeiffer|Ramon Espinoza|Hattie Broussard|Tadeusz Gorski|Nancy Ueda
Carlo Benedetti|Sheila Rourke|Omari Banks|Lidia Moskal|Bernard Stokely|Phyllis Tan
Meredith Ashby|Trevor Haskins|Paige Wellington|Grant Ellsworth|Bev Schroeder|Dale Kupferberg
`
  .trim()
  .split(/[|\n]/);

/** People who would rather speak Spanish. */
export const ATLANTA_SPANISH = [
  "María Elena Castañeda",
  "Eusebio Rentería",
  "Yolanda Tzoc",
  "Martín Ajanel",
  "Rosario Benavides",
  "Hermelinda Chávez",
];

export const CHICAGO_SPANISH = [
  "Socorro Magaña",
  "Efraín Tlatelpa",
  "Carmen Ocampo",
  "Abelardo Nieves",
];

/** Firms: name of the firm, who calls for it, what kind of customer it is, what it does. */
export const ATLANTA_FIRMS = [
  ["Hotel Solano", "Marta Quiroga", "commercial", "hotel"],
  ["Kirkwood Animal Hospital", "Dr. Alan Pasternak", "commercial", "vet"],
  ["Grant Park Montessori", "Teresa Boyle", "commercial", "school"],
  ["Sweet Auburn Bakery Cafe", "Jerome Pickett", "commercial", "food"],
  ["Buford Plaza Management", "Kenneth Yoon", "property_manager"],
  ["Mount Nebo Baptist Church", "Deacon Lewis Farr", "commercial", "church"],
  ["Peachtree Dental Partners", "Aisha Coles", "commercial", "office"],
  ["Ponce Lofts Association", "Greg Salazar", "property_manager"],
  ["Bluebird Self Storage", "Randy Nix", "commercial", "storage"],
];

export const CHICAGO_FIRMS = [
  ["Taqueria La Golondrina", "Beto Salgado", "commercial", "food"],
  ["Ravenswood Court Apartments", "Irena Sobol", "property_manager"],
  ["Fulton Street Realty", "Monica Tran", "property_manager"],
  ["St. Casimir Parish", "Father Leo Brandt", "commercial", "church"],
  ["Edgewater Coin Laundry", "Daniel Cho", "commercial", "laundry"],
  ["Logan Square Brewing", "Pete Vandermeer", "commercial", "brewery"],
  ["Northside Early Learning", "Carla Jimenez", "commercial", "school"],
];

/** Towns around Atlanta with the streets used there. */
export const ATLANTA_TOWNS = [
  {
    city: "Decatur",
    zip: "30030",
    streets: ["Palermo Avenue", "Willow Branch Lane", "Coventry Oak Drive"],
  },
  {
    city: "Decatur",
    zip: "30033",
    streets: ["Laurel Mill Road", "Harmony Ridge Court", "Druid Knoll Circle"],
  },
  {
    city: "Atlanta",
    zip: "30306",
    streets: ["Amberwood Place NE", "Linden Terrace NE", "Wren Hollow Road NE"],
  },
  {
    city: "Atlanta",
    zip: "30310",
    streets: ["Sycamore Bend SW", "Oglethorpe Row SW", "Hollis Mill Street SW"],
  },
  {
    city: "Atlanta",
    zip: "30318",
    streets: ["Foundry Park Way NW", "Bellweather Avenue NW"],
  },
  {
    city: "Atlanta",
    zip: "30342",
    streets: ["Chastain Glen Drive", "Roswell Hollow Lane"],
  },
  {
    city: "Marietta",
    zip: "30062",
    streets: ["Indian Hills Trace", "Post Oak Crossing", "Tall Pines Drive"],
  },
  {
    city: "Smyrna",
    zip: "30080",
    streets: ["Vinings Orchard Road", "Jonquil Street", "Creatwood Trail"],
  },
  {
    city: "Duluth",
    zip: "30096",
    streets: ["Sugarloaf Bluff Way", "Chattahoochee Landing Drive"],
  },
  {
    city: "Lawrenceville",
    zip: "30044",
    streets: ["Gwinnett Station Lane", "Paper Mill Court"],
  },
  {
    city: "Norcross",
    zip: "30071",
    streets: ["Thrasher Mill Street", "Summerour Lane"],
  },
  {
    city: "Alpharetta",
    zip: "30022",
    streets: ["Windward Cove", "Haynes Bridge Terrace", "Seven Oaks Parkway"],
  },
  {
    city: "Stone Mountain",
    zip: "30083",
    streets: ["Rockbridge Hollow", "Granite View Drive", "Memorial Glen"],
  },
  {
    city: "Tucker",
    zip: "30084",
    streets: ["Cofer Lake Drive", "Idlewood Chase"],
  },
  {
    city: "College Park",
    zip: "30349",
    streets: ["Camp Creek Overlook", "Old Bethsaida Trail"],
  },
  {
    city: "Conyers",
    zip: "30094",
    streets: ["Honey Creek Road", "Olde Salem Way"],
  },
];

/** Towns and neighbourhoods around Chicago. */
export const CHICAGO_TOWNS = [
  {
    city: "Chicago",
    zip: "60618",
    streets: ["N Artesian Row", "W Cullerton Place", "N Bell Court"],
  },
  {
    city: "Chicago",
    zip: "60657",
    streets: ["W Addington Street", "N Seminary Walk"],
  },
  {
    city: "Chicago",
    zip: "60634",
    streets: ["N Plainview Avenue", "W Dakin Terrace", "N Oketo Lane"],
  },
  {
    city: "Chicago",
    zip: "60629",
    streets: ["S Trumbull Way", "W Marquand Street", "S Kilbride Avenue"],
  },
  {
    city: "Chicago",
    zip: "60619",
    streets: ["S Eberly Avenue", "E Langford Place", "S Calumet Row"],
  },
  {
    city: "Chicago",
    zip: "60608",
    streets: ["W Canalside Street", "S Morgan Row"],
  },
  {
    city: "Oak Park",
    zip: "60302",
    streets: ["Prairie School Avenue", "Fair Elm Street"],
  },
  {
    city: "Evanston",
    zip: "60201",
    streets: ["Lakeward Street", "Ridgeview Place", "Noyes Park Court"],
  },
  {
    city: "Skokie",
    zip: "60076",
    streets: ["Kildare Bend", "Lockwood Terrace"],
  },
  {
    city: "Cicero",
    zip: "60804",
    streets: ["S 52nd Place", "W 29th Row"],
  },
  {
    city: "Berwyn",
    zip: "60402",
    streets: ["Riverside Bungalow Way", "Clarence Court"],
  },
  {
    city: "Park Ridge",
    zip: "60068",
    streets: ["Hodges Corner", "Talcott Meadow Road"],
  },
  {
    city: "Des Plaines",
    zip: "60016",
    streets: ["Golf Cul de Sac", "Rand Hill Drive"],
  },
  {
    city: "Oak Lawn",
    zip: "60453",
    streets: ["Tully Park Lane", "Cicero Woods Court"],
  },
];

export const UNITS = [
  "Apt 2",
  "Apt 3B",
  "Unit 7C",
  "Apt 114",
  "Unit 2F",
  "Apt 1R",
  "#405",
  "Garden unit",
];

/** Callers from abroad, on numbers that the regulators keep for fiction. */
export const FOREIGN_HVAC = [
  {
    name: "Fiona Ashworth",
    phone: "+442079460182",
    from: "London",
    tie: "my mother’s house",
  },
  {
    name: "Jonas Brandt",
    phone: "+493023125417",
    from: "Berlin",
    tie: "the house we rent out there",
  },
  {
    name: "Mathieu Lacroix",
    phone: "+33639982214",
    from: "Lyon",
    tie: "my daughter’s townhouse",
  },
  {
    name: "Olivia Marsh",
    phone: "+61491570156",
    from: "Brisbane",
    tie: "our old place",
  },
  {
    name: "Claire Bouchard",
    phone: "+15145550147",
    from: "Montreal",
    tie: "our winter place",
  },
];

export const FOREIGN_PLUMBING = [
  {
    name: "Eoin Brophy",
    phone: "+353209100142",
    from: "Cork",
    tie: "my late aunt’s two-flat",
  },
  {
    name: "Linnea Åkerström",
    phone: "+46701740612",
    from: "Gothenburg",
    tie: "the condo I still own",
  },
  {
    name: "Graham Tully",
    phone: "+447700900471",
    from: "Leeds",
    tie: "my son’s apartment",
  },
  {
    name: "Daniel Osei",
    phone: "+14165550128",
    from: "Toronto",
    tie: "a building I look after",
  },
];

/** Neighbours, relatives and others who can let a technician in. */
export const CONTACTS = [
  ["Nataly", "neighbor"],
  ["Mrs. Abernathy", "neighbor across the street"],
  ["Deb", "sister"],
  ["Curtis", "brother-in-law"],
  ["Rosa", "housekeeper"],
  ["Mr. Lindholm", "landlord"],
  ["Tasha", "property manager"],
  ["Gene", "father"],
  ["Ms. Ferraro", "concierge"],
  ["Ike", "building engineer"],
  ["Jorge", "tenant"],
  ["Bonnie", "mother-in-law"],
  ["Amir", "roommate"],
  ["Wes", "neighbor next door"],
  ["Pilar", "nanny"],
];
