/* lk2bin: lackey text on stdin -> binary records (trace.h) on stdout, statistics on stderr */
#include "trace.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void){size_t cap=1<<22,have=0;char*b=malloc(cap+1);uint64_t*o=malloc((cap/4)*8);
 uint64_t c[4]={0},n=0,str=0,maxsz=0;
 for(;;){size_t g=fread(b+have,1,cap-have,stdin);have+=g;if(!have)break;if(!g&&b[have-1]!='\n')b[have++]='\n';
  size_t u;size_t k=lackey_decode(b,b+have,o,cap/4,&u);fwrite(o,8,k,stdout);
  for(size_t i=0;i<k;i++){c[rec_type(o[i])]++;unsigned z=rec_size(o[i]);if(z>maxsz)maxsz=z;if((rec_addr(o[i])&4095)+z>4096)str++;}
  n+=k;memmove(b,b+u,have-u);have-=u;if(!g&&!have)break;}
 fprintf(stderr,"refs=%lu I=%lu L=%lu S=%lu M=%lu page_straddles=%lu max_size=%lu\n",n,c[0],c[1],c[2],c[3],str,maxsz);return 0;}
